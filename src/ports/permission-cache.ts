import type { Permission } from '../domain/role/permission.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { UserId } from '../domain/user/user.ts';
import type { RolesVersion } from './directories/session-directory.ts';

/**
 * Permissions by what they follow from, so that nothing has to be dropped and nothing stale can be found: an entry of
 * another version is no entry. Kept under `rbac:{tenantId}:{userId}`. MUST NOT fail or keep anybody waiting: a cache
 * that cannot be reached knows nothing.
 */
export interface PermissionCache {
  find(tenantId: TenantId, userId: UserId, version: RolesVersion): Promise<readonly Permission[] | undefined>;
  keep(tenantId: TenantId, userId: UserId, version: RolesVersion, permissions: readonly Permission[]): Promise<void>;
}
