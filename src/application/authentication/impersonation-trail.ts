import type { ProjectState } from '../../domain/project/project.ts';
import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

type Place = Pick<ProjectState, 'rootTenantId'>;

/** What is done in somebody's place is told to their tenant and to the platform; once where these are the same. */
export function inBothTrails({ rootTenantId }: Place, entry: AuditEntry): readonly AuditEntry[] {
  return entry.tenantId === rootTenantId ? [entry] : [entry, { ...entry, tenantId: rootTenantId }];
}

/** The records of the end of a session that somebody acts in for another; `actorId`: whoever ended it. */
export function impersonationEnded(
  by: Visitor,
  project: Place,
  { id, userId, tenantId }: Pick<RefreshTokenState, 'id' | 'userId' | 'tenantId'>,
  actorId: string,
  now: Date,
): readonly AuditEntry[] {
  const what = { action: 'auth.impersonation.ended', entityType: 'session', entityId: id } as const;
  return inBothTrails(project, audited(by, { ...what, userId, actorId, tenantId, metadata: { tenantId } }, now));
}
