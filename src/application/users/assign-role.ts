import { IamError, invalidField } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from '../roles/authority.ts';
import { changedMember } from './changed-member.ts';
import { governedMember, isPresent } from './governed-member.ts';
import { roleOf } from './role-of.ts';

type AssignRoleDeps = Pick<Ports, 'memberDirectory' | 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Gives somebody of the actor's tenant a role whose permissions the actor holds. Idempotent. */
export class AssignRole {
  readonly #deps: AssignRoleDeps;
  constructor(deps: AssignRoleDeps) {
    this.#deps = deps;
  }

  /**
   * `role`: slug or id.
   * @throws IamError `forbidden`, `not-found`, `owner-protected`, `rbac-limit-exceeded`, `validation-error` for no role here
   */
  async execute(
    actor: Administrator,
    { userId, role: named }: { readonly userId: UserId; readonly role: string },
  ): Promise<{ readonly roles: readonly string[] }> {
    const { authority, memberDirectory, sessionWatch, clock } = this.#deps;
    await authority.commit(actor, 'roles.assign', async (repositories, granter) => {
      const now = clock.now();
      const role = await roleOf(repositories.roles, actor, named);
      if (role === undefined) {
        throw invalidField('role', 'is no role of this tenant', 'NOT_ALLOWED');
      }
      const { id, slug, builtIn, permissions } = role.toState();
      if (builtIn) throw new IamError('owner-protected');
      granter.assertMayGrant(permissions);
      const member = await governedMember(repositories, granter, actor, userId);
      if (!isPresent(member)) throw new IamError('not-found');
      repositories.requireUnchanged(role);
      member.membership.assign(id, now);
      repositories.memberships.save(member.membership);
      const what = { action: 'user.role.assigned', entityType: 'user', entityId: userId, userId } as const;
      repositories.audit.record(audited(actor, { ...what, after: { role: slug } }, now));
    });
    await sessionWatch.announce({ userId });
    const { roles } = await changedMember(memberDirectory, actor, userId);
    return { roles };
  }
}
