import { IamError } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';

type CancelTransferDeps = Pick<Ports, 'unitOfWork' | 'clock'>;

/** The owner withdraws the offer, or the other declines it. */
export class CancelTransfer {
  readonly #deps: CancelTransferDeps;
  constructor(deps: CancelTransferDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found` for anybody but the two, and when nothing is pending; `token-invalid` */
  async execute(actor: UserActor, tenantId: TenantId): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    const { projectId } = actor;
    if (tenantId !== actor.tenantId) throw new IamError('not-found');
    await unitOfWork.run(async ({ refreshTokens, ownershipTransfers, audit, requireUnchanged }) => {
      const now = clock.now();
      const { session } = await presentSession(refreshTokens, actor);
      const transfer = await ownershipTransfers.ofTenant(projectId, tenantId);
      if (transfer === undefined) throw new IamError('not-found');
      transfer.cancel(actor.userId, now);
      ownershipTransfers.remove(transfer);
      requireUnchanged(session);
      const { newOwnerId } = transfer.toState();
      const what = { action: 'tenant.transfer.cancelled', entityType: 'tenant', entityId: tenantId } as const;
      audit.record(audited(actor, { ...what, userId: newOwnerId, before: { newOwnerId } }, now));
    });
  }
}
