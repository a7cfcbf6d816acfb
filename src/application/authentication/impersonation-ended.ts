import type { ProjectState } from '../../domain/project/project.ts';
import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';

/** The records of the end of a session that somebody acts in for another; `actorId`: whoever ends it. */
export function impersonationEnded(
  by: Visitor,
  { rootTenantId }: Pick<ProjectState, 'rootTenantId'>,
  { id, userId, tenantId }: Pick<RefreshTokenState, 'id' | 'userId' | 'tenantId'>,
  actorId: UserId,
  now: Date,
): readonly AuditEntry[] {
  const what = { action: 'auth.impersonation.ended', entityType: 'session', entityId: id } as const;
  return inBothTrails(rootTenantId, audited(by, { ...what, userId, actorId, tenantId, metadata: { tenantId } }, now));
}
