import type { ProjectId } from '../../domain/project/project.ts';
import type { Membership } from '../../domain/tenant/membership.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface MembershipRepository {
  find(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<Membership | undefined>;
  /** One a user and tenant. A role of another tenant MUST be impossible. */
  save(membership: Membership): void;
}
