import type { ProjectId } from '../../domain/project/project.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { Role, RoleId } from '../../domain/role/role.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';

/** What somebody holds in one of their tenants. */
export interface HeldPermissions {
  readonly tenantId: TenantId;
  /** The union of the roles. */
  readonly permissions: readonly Permission[];
}

/** How many there are, and some of them: the first by their ids. */
export interface Excerpt<Item> {
  readonly count: number;
  readonly first: readonly Item[];
}

export interface RoleRepository {
  byId(projectId: ProjectId, tenantId: TenantId, id: RoleId): Promise<Role | undefined>;
  bySlug(projectId: ProjectId, tenantId: TenantId, slug: string): Promise<Role | undefined>;
  /** Those that exist, in any order. */
  bySlugs(projectId: ProjectId, tenantId: TenantId, slugs: readonly string[]): Promise<readonly Role[]>;
  /** The roles of a member who is neither disabled nor removed. */
  ofMember(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<readonly Role[]>;
  /** What the person holds in every tenant that they have not been removed from. */
  heldBy(projectId: ProjectId, userId: UserId): Promise<readonly HeldPermissions[]>;
  /** Who holds the role, removed members too; `most`: of how many it says who. */
  holdersOf(projectId: ProjectId, tenantId: TenantId, id: RoleId, most: number): Promise<Excerpt<UserId>>;
  /** The roles of the project that hold a name of the module, or its wildcard. */
  ofModule(
    projectId: ProjectId,
    module: string,
    most: number,
  ): Promise<Excerpt<{ readonly tenantId: TenantId; readonly id: RoleId }>>;
  /** The slug is unique in the tenant: a second one fails with `role-already-exists`. */
  save(role: Role): void;
  /** MUST fail with `role-in-use` when a membership holds the role by then, unless they lose it too. */
  remove(role: Role, options: { readonly evenIfHeld: boolean }): void;
  /** Every role of the project loses the names of the module, and its wildcard. */
  withdrawModule(projectId: ProjectId, module: string): void;
}
