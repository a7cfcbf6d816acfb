import type { ProjectState } from '../../domain/project/project.ts';
import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Operator, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';

/** `revoked`: the grant that it rested on was withdrawn. */
export type ImpersonationEnd = 'logout' | 'ended-by-user' | 'reuse-detected' | 'expired' | 'revoked';

/** The records of the end of a session that somebody acts in for another; `actorId`: whoever ends it, if anybody does. */
export function impersonationEnded(
  by: Visitor | Operator,
  { rootTenantId }: Pick<ProjectState, 'rootTenantId'>,
  { id, projectId, userId, tenantId }: Pick<RefreshTokenState, 'id' | 'projectId' | 'userId' | 'tenantId'>,
  how: { readonly actorId: UserId | null; readonly end: ImpersonationEnd },
  now: Date,
): readonly AuditEntry[] {
  const { actorId, end } = how;
  const what = { action: 'auth.impersonation.ended', entityType: 'session', entityId: id } as const;
  const whose = { projectId, userId, actorId, tenantId, metadata: { tenantId, end } };
  return inBothTrails(rootTenantId, audited(by, { ...what, ...whose }, now));
}
