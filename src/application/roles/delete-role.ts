import { IamError } from '../../domain/errors.ts';
import type { RoleId, RoleState } from '../../domain/role/role.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from './authority.ts';

export interface DeleteRoleInput {
  readonly id: RoleId;
  /** Whoever holds it loses it. */
  readonly force?: boolean | undefined;
  readonly ifMatch?: ((current: RoleState) => boolean) | undefined;
}

/** Of those who lose the role; all of them are counted. */
const MOST_NAMED = 100;

type DeleteRoleDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Deletes a role whose permissions the actor holds. */
export class DeleteRole {
  readonly #deps: DeleteRoleDeps;
  constructor(deps: DeleteRoleDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `owner-protected`, `role-in-use`, `precondition-failed` */
  async execute(actor: Administrator, { id, force = false, ifMatch }: DeleteRoleInput): Promise<void> {
    const { authority, sessionWatch, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    await authority.commit(actor, 'roles.delete', async ({ tenants, roles, audit }, granter) => {
      const now = clock.now();
      const role = await roles.byId(projectId, tenantId, id);
      const tenant = await tenants.byId(projectId, tenantId);
      if (role === undefined || tenant === undefined) throw new IamError('not-found');
      const before = role.toState();
      if (before.builtIn) throw new IamError('owner-protected');
      if (ifMatch !== undefined && !ifMatch(before)) throw new IamError('precondition-failed');
      granter.assertMayGrant(before.permissions);
      const losers = force ? { holders: await roles.holdersOf(projectId, tenantId, id, MOST_NAMED) } : {};
      role.delete(now);
      roles.remove(role, { evenIfHeld: force });
      tenant.removeRole();
      tenants.save(tenant);
      const { name, slug, permissions } = before;
      const what = { action: 'role.deleted', entityType: 'role', entityId: id } as const;
      audit.record(audited(actor, { ...what, before: { name, slug, permissions, ...losers } }, now));
    });
    await sessionWatch.announce({ tenantId });
  }
}
