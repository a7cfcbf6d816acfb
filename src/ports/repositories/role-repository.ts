import type { ProjectId } from '../../domain/project/project.ts';
import type { Role } from '../../domain/role/role.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';

export interface RoleRepository {
  bySlug(projectId: ProjectId, tenantId: TenantId, slug: string): Promise<Role | undefined>;
  /** The slug is unique in the tenant: a second one loses with `conflict`. */
  save(role: Role): void;
}
