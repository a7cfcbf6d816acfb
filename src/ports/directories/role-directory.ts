import type { ProjectId } from '../../domain/project/project.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { RoleId, RoleState } from '../../domain/role/role.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Page, PageRequest } from './page.ts';
import type { RolesVersion } from './session-directory.ts';

/** A role of a member, with what it holds. */
export type RoleGrant = Pick<RoleState, 'slug' | 'permissions'>;

export interface RoleDirectory {
  byId(projectId: ProjectId, tenantId: TenantId, id: RoleId): Promise<RoleState | undefined>;
  page(projectId: ProjectId, tenantId: TenantId, request: PageRequest<RoleId>): Promise<Page<RoleState>>;
  /** The union of an active member's roles, and what it follows from, in one read; nobody else holds anything. */
  permissionsOf(
    projectId: ProjectId,
    tenantId: TenantId,
    userId: UserId,
  ): Promise<{ readonly rolesVersion: RolesVersion; readonly permissions: readonly Permission[] } | undefined>;
  /** An active member's roles one by one, ordered by slug. */
  grantsOf(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<readonly RoleGrant[] | undefined>;
}
