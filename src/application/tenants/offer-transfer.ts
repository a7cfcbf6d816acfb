import { IamError, invalidField } from '../../domain/errors.ts';
import { EVERYTHING } from '../../domain/role/permission.ts';
import { OwnershipTransfer, type OwnershipTransferState } from '../../domain/tenant/ownership-transfer.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { User, UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Factors, OwnFactors } from '../authentication/own-factors.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { Authority } from '../roles/authority.ts';

export interface OfferTransferInput extends Factors {
  readonly tenantId: TenantId;
  readonly newOwnerId: UserId;
}

type OfferTransferDeps = Pick<Ports, 'idGenerator' | 'clock'> & {
  readonly authority: Authority;
  readonly stepUp: StepUp;
  readonly ownFactors: OwnFactors;
};

/** The owner of a tenant offers it to another member. Takes a recent authentication and all that the account has. */
export class OfferTransfer {
  readonly #deps: OfferTransferDeps;
  constructor(deps: OfferTransferDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `not-found` for another tenant, and for nobody who is a member; `forbidden`,
   * `reauthentication-required`, `validation-error`, `invalid-credentials`, `mfa-required`, `mfa-invalid`,
   * `rate-limited`, `transfer-in-progress`, `token-invalid`
   */
  async execute(
    actor: UserActor,
    input: OfferTransferInput,
  ): Promise<Pick<OwnershipTransferState, 'id' | 'newOwnerId' | 'expiresAt'>> {
    const { authority, stepUp, ownFactors, idGenerator, clock } = this.#deps;
    const { projectId, tenantId, userId: ownerId } = actor;
    const { newOwnerId } = input;
    if (input.tenantId !== tenantId) throw new IamError('not-found');
    await authority.assert(actor, EVERYTHING);
    await stepUp.assert(actor);
    if (newOwnerId === ownerId) throw unfit('is the owner already');
    const shown = await ownFactors.assert(actor, input);
    const id = idGenerator.next<OwnershipTransferState['id']>();
    const work = async (repositories: Repositories) => {
      const now = clock.now();
      const { user: owner } = await shown.assertStillShown(repositories);
      const newOwner = await assertFit(repositories, actor, newOwnerId);
      const { users, ownershipTransfers, audit } = repositories;
      const earlier = await ownershipTransfers.ofTenant(projectId, tenantId);
      if (earlier?.isPending(now)) throw new IamError('transfer-in-progress');
      if (earlier !== undefined) ownershipTransfers.remove(earlier);
      const transfer = OwnershipTransfer.offer({ id, projectId, tenantId, ownerId, newOwnerId }, now);
      ownershipTransfers.save(transfer);
      // Whoever takes one of the two out of use at the same time has to look again, and ends the offer.
      for (const one of [owner, newOwner]) users.save(one);
      const { expiresAt } = transfer.toState();
      const what = { action: 'tenant.transfer.offered', entityType: 'tenant', entityId: tenantId } as const;
      const after = { newOwnerId, expiresAt: expiresAt.toISOString() };
      audit.record(audited(actor, { ...what, userId: newOwnerId, after }, now));
      return { id, newOwnerId, expiresAt };
    };
    return authority.commit(actor, EVERYTHING, work, shown.commit);
  }
}

/** Another active member, whose account is in use. */
async function assertFit(
  { users, memberships, requireUnchanged }: Repositories,
  { projectId, tenantId }: UserActor,
  newOwnerId: UserId,
): Promise<User> {
  const user = await users.byId(projectId, newOwnerId);
  const membership = await memberships.find(projectId, tenantId, newOwnerId);
  if (user === undefined || membership === undefined) throw new IamError('not-found');
  if (membership.toState().deletedAt !== null) throw new IamError('not-found');
  if (!membership.active || !isInUse(user.toState())) throw unfit('is not an active member');
  requireUnchanged(membership);
  return user;
}

function unfit(message: string): IamError<'validation-error'> {
  return invalidField('newOwnerId', message, 'NOT_ALLOWED');
}
