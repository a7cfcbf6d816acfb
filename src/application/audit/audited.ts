import type { ProjectId } from '../../domain/project/project.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Administrator, Operator, Visitor } from '../actor.ts';

type What = Pick<AuditEntry, 'action' | 'entityType' | 'entityId'> &
  Partial<Pick<AuditEntry, 'tenantId' | 'userId' | 'actorId' | 'before' | 'after' | 'metadata'>> & {
    readonly projectId?: ProjectId;
  };

/** An audit entry with who and where filled in from the caller; the caller's tenant only within the caller's project. */
export function audited(by: Visitor | Administrator, what: What, now: Date): AuditEntry;
export function audited(
  by: Visitor | Administrator | Operator,
  what: What & { readonly projectId: ProjectId },
  now: Date,
): AuditEntry;
export function audited(by: Visitor | Administrator | Operator, what: What, now: Date): AuditEntry {
  const inside = 'tenantId' in by ? by : undefined;
  const person = 'userId' in by ? by : undefined;
  const projectId = what.projectId ?? (by as Visitor).projectId;
  return {
    tenantId: inside?.projectId === projectId ? inside.tenantId : null,
    userId: person?.userId ?? null,
    actorId: person === undefined ? keyOf(by) : (person.impersonatorId ?? person.userId),
    ...what,
    projectId,
    ip: by.origin.address,
    userAgent: by.origin.userAgent,
    timestamp: now,
  };
}

function keyOf(by: Visitor | Administrator | Operator): string | null {
  return 'apiKeyId' in by ? by.apiKeyId : null;
}
