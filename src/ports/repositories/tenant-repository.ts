import type { ProjectId } from '../../domain/project/project.ts';
import type { Tenant, TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface TenantRepository {
  byId(projectId: ProjectId, id: TenantId): Promise<Tenant | undefined>;
  ownedBy(projectId: ProjectId, ownerId: UserId): Promise<readonly Tenant[]>;
  save(tenant: Tenant): void;
  /** With its roles and memberships. */
  remove(tenant: Tenant): void;
}
