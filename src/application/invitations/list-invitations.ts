import type { InvitationId } from '../../domain/tenant/invitation.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { type InvitationView, invitationView } from './invitation-view.ts';

type ListInvitationsDeps = Pick<Ports, 'invitationDirectory' | 'clock'> & { readonly authority: Authority };

/** The invitations of the actor's tenant that may still be accepted, newest first. */
export class ListInvitations {
  readonly #deps: ListInvitationsDeps;
  constructor(deps: ListInvitationsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: UserActor, request: PageRequest<InvitationId>): Promise<Page<InvitationView>> {
    const { authority, invitationDirectory, clock } = this.#deps;
    await authority.assert(actor, 'users.list');
    const page = await invitationDirectory.page(actor.projectId, actor.tenantId, clock.now(), request);
    return { ...page, items: page.items.map(invitationView) };
  }
}
