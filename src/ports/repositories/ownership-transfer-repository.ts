import type { ProjectId } from '../../domain/project/project.ts';
import type { OwnershipTransfer } from '../../domain/tenant/ownership-transfer.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface OwnershipTransferRepository {
  /** Also one that has expired. */
  ofTenant(projectId: ProjectId, tenantId: TenantId): Promise<OwnershipTransfer | undefined>;
  /** Of whatever tenants, from or to the person. Also expired ones. */
  ofPerson(projectId: ProjectId, userId: UserId): Promise<readonly OwnershipTransfer[]>;
  /** One a tenant: a second one fails like a lost race, unless the first is removed in the same commit. */
  save(transfer: OwnershipTransfer): void;
  /** Gone with this commit, or the commit fails. */
  remove(transfer: OwnershipTransfer): void;
}
