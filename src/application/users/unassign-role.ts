import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from '../roles/authority.ts';
import { governedMember, isPresent } from './governed-member.ts';
import { roleOf } from './role-of.ts';

type UnassignRoleDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Takes a role from somebody of the actor's tenant. */
export class UnassignRole {
  readonly #deps: UnassignRoleDeps;
  constructor(deps: UnassignRoleDeps) {
    this.#deps = deps;
  }

  /** `role`: slug or id. @throws IamError `forbidden`, `owner-protected`, `not-found` also when they do not have it */
  async execute(
    actor: Administrator,
    { userId, role: named }: { readonly userId: UserId; readonly role: string },
  ): Promise<void> {
    const { authority, sessionWatch, clock } = this.#deps;
    await authority.commit(actor, 'roles.assign', async (repositories, granter) => {
      const now = clock.now();
      const role = await roleOf(repositories.roles, actor, named);
      if (role === undefined) throw new IamError('not-found');
      const { id, slug, builtIn, permissions } = role.toState();
      const member = await governedMember(repositories, granter, actor, userId);
      if (!isPresent(member) || !member.membership.toState().roleIds.includes(id)) throw new IamError('not-found');
      if (builtIn) throw new IamError('owner-protected');
      granter.assertMayGrant(permissions);
      member.membership.unassign(id, now);
      repositories.memberships.save(member.membership);
      const what = { action: 'user.role.unassigned', entityType: 'user', entityId: userId, userId } as const;
      repositories.audit.record(audited(actor, { ...what, before: { role: slug } }, now));
    });
    await sessionWatch.announce({ userId });
  }
}
