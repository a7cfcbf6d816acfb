import type { OwnershipTransferRepository } from '../../../ports/repositories/ownership-transfer-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { OWNERSHIP_TRANSFER } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function ownershipTransferRepository(
  queries: Queries['tenants'],
  changes: ChangeSet,
): OwnershipTransferRepository {
  return {
    ofTenant: async (projectId, tenantId) =>
      changes.rehydrated(OWNERSHIP_TRANSFER, await queries.ownershipTransfer(projectId, tenantId)),
    ofPerson: async (projectId, userId) =>
      (await queries.transfersOfPerson(projectId, userId)).map((row) => changes.rehydrated(OWNERSHIP_TRANSFER, row)),
    save: (transfer) => changes.save(OWNERSHIP_TRANSFER, transfer),
    remove: (transfer) => changes.remove(transfer),
  };
}
