import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { withdraw } from '../invitations/withdraw.ts';
import type { Authority } from '../roles/authority.ts';
import { endOffers } from '../tenants/end-offers.ts';
import { type GovernedMember, governedMember, isPresent } from './governed-member.ts';
import type { MemberReader, MemberWithSummary } from './member-reader.ts';

export interface DeleteUserInput {
  readonly userId: UserId;
  readonly ifMatch?: ((current: MemberWithSummary) => boolean) | undefined;
}

type DeleteUserDeps = Pick<Ports, 'sessionWatch' | 'clock'> & {
  readonly authority: Authority;
  readonly memberReader: MemberReader;
};

/**
 * Removes somebody from the actor's tenant; whoever belongs to no other loses the account. What is stored is kept, and
 * an invitation is revoked.
 */
export class DeleteUser {
  readonly #deps: DeleteUserDeps;
  constructor(deps: DeleteUserDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `owner-protected`, `precondition-failed` */
  async execute(actor: Administrator, { userId, ifMatch }: DeleteUserInput): Promise<void> {
    const { authority, memberReader, sessionWatch, clock } = this.#deps;
    await authority.commit(actor, 'users.delete', async (repositories, granter) => {
      const now = clock.now();
      const member = await governedMember(repositories, granter, actor, userId);
      if (!isPresent(member)) throw new IamError('not-found');
      if (ifMatch !== undefined) {
        const current = await memberReader.find(actor.projectId, actor.tenantId, userId);
        if (current === undefined || !ifMatch(current)) throw new IamError('precondition-failed');
      }
      if (member.isOwner) throw new IamError('owner-protected');
      await remove(repositories, actor, member, now);
      const what = { action: 'user.deleted', entityType: 'user', entityId: userId, userId } as const;
      const metadata = { membershipOnly: member.elsewhere };
      repositories.audit.record(audited(actor, { ...what, metadata }, now));
    });
    await sessionWatch.announce({ userId });
  }
}

async function remove(
  repositories: Repositories,
  actor: Administrator,
  { user, membership, elsewhere }: GovernedMember,
  now: Date,
): Promise<void> {
  const { users, memberships, refreshTokens, seats, invitations, requireUnchanged } = repositories;
  const { projectId, tenantId } = actor;
  const { status, holdsSeat } = user.toState();
  await endOffers(repositories, actor, user, now, elsewhere ? tenantId : undefined);
  if (status === 'invited') {
    const invitation = await invitations.ofUser(projectId, user.id);
    if (invitation !== undefined) withdraw(repositories, actor, invitation, now);
    users.remove(user);
  } else if (elsewhere) {
    membership.leave(now);
    memberships.save(membership);
    requireUnchanged(user);
    refreshTokens.endAll(projectId, tenantId, user.id, now);
  } else {
    if (holdsSeat) seats.release(projectId);
    user.delete(now);
    users.save(user);
  }
}
