import { IamError } from '../../domain/errors.ts';
import type { InvitationId } from '../../domain/tenant/invitation.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { withdraw } from './withdraw.ts';

type RevokeInvitationDeps = Pick<Ports, 'clock'> & { readonly authority: Authority };

/** An invitation opens nothing any more. */
export class RevokeInvitation {
  readonly #deps: RevokeInvitationDeps;
  constructor(deps: RevokeInvitationDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor, id: InvitationId): Promise<void> {
    const { authority, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    await authority.commit(actor, 'users.create', async (repositories, granter) => {
      const now = clock.now();
      const { users, roles, invitations } = repositories;
      const invitation = await invitations.byId(projectId, tenantId, id);
      if (invitation === undefined) throw new IamError('not-found');
      const placeholder = await users.byId(projectId, invitation.toState().userId);
      const held = await roles.ofMember(projectId, tenantId, invitation.toState().userId);
      granter.assertMayGrant(held.flatMap((role) => role.toState().permissions));
      withdraw(repositories, actor, invitation, now);
      if (placeholder !== undefined) users.remove(placeholder);
    });
  }
}
