import type { ProjectId } from '../../domain/project/project.ts';
import type { Membership } from '../../domain/tenant/membership.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { TenantOfUser } from '../directories/tenant-directory.ts';

export interface MembershipRepository {
  /** Also one that is disabled or removed. */
  find(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<Membership | undefined>;
  /** The tenant as its active member sees it, in one read. */
  landing(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<TenantOfUser | undefined>;
  /** In how many other tenants the person is, not counting those that they were removed from. */
  countElsewhere(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<number>;
  /** One a user and tenant. A role of another tenant MUST be impossible. */
  save(membership: Membership): void;
}
