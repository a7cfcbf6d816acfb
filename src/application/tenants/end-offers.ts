import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/**
 * Somebody is out of use, everywhere or in one tenant: what they offered and what they were offered there is so no
 * longer, in the commit that this is part of. Tenants are told of what they had pending.
 */
export async function endOffers(
  { ownershipTransfers, audit }: Pick<Repositories, 'ownershipTransfers' | 'audit'>,
  by: Administrator | Visitor,
  user: User,
  now: Date,
  within?: TenantId,
): Promise<void> {
  for (const transfer of await ownershipTransfers.ofPerson(user.toState().projectId, user.id)) {
    const { tenantId, newOwnerId } = transfer.toState();
    if (within !== undefined && tenantId !== within) continue;
    ownershipTransfers.remove(transfer);
    if (!transfer.isPending(now)) continue;
    transfer.lapse(now);
    const what = { action: 'tenant.transfer.cancelled', entityType: 'tenant', entityId: tenantId, tenantId } as const;
    audit.record(audited(by, { ...what, userId: newOwnerId, before: { newOwnerId } }, now));
  }
}
