import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';

/**
 * What the platform does about a tenant, or somebody in another's place, is told to that tenant and to the platform;
 * once where these are the same.
 */
export function inBothTrails(platform: TenantId, entry: AuditEntry): readonly AuditEntry[] {
  return entry.tenantId === platform ? [entry] : [entry, { ...entry, tenantId: platform }];
}
