import { IamError } from '../../domain/errors.ts';
import type { InvitationId } from '../../domain/tenant/invitation.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from '../roles/authority.ts';
import type { InvitationBudget } from './invitation-budget.ts';

type ResendInvitationDeps = Pick<Ports, 'invitationDirectory' | 'clock'> & {
  readonly authority: Authority;
  readonly invitationBudget: InvitationBudget;
};

/** Another mail for an invitation: the older token dies at once, the time begins anew. */
export class ResendInvitation {
  readonly #deps: ResendInvitationDeps;
  constructor(deps: ResendInvitationDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `rate-limited` */
  async execute(actor: UserActor, id: InvitationId): Promise<void> {
    const { authority, invitationDirectory, invitationBudget, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    await authority.assert(actor, 'users.create');
    const pending = await invitationDirectory.byId(projectId, tenantId, id);
    if (pending === undefined) throw new IamError('not-found');
    await invitationBudget.assert(projectId, pending.invitation.email);
    await authority.commit(actor, 'users.create', async ({ invitations, roles, audit }, granter) => {
      const now = clock.now();
      const invitation = await invitations.byId(projectId, tenantId, id);
      if (invitation === undefined) throw new IamError('not-found');
      const held = await roles.ofMember(projectId, tenantId, invitation.toState().userId);
      granter.assertMayGrant(held.flatMap((role) => role.toState().permissions));
      invitation.resend(now);
      invitations.save(invitation);
      const what = { action: 'invitation.resent', entityType: 'invitation', entityId: id } as const;
      audit.record(audited(actor, what, now));
    });
  }
}
