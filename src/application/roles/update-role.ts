import { IamError } from '../../domain/errors.ts';
import type { RoleId, RoleState } from '../../domain/role/role.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from './authority.ts';
import { permissionsForRole } from './registered-permissions.ts';

export interface UpdateRoleInput {
  readonly id: RoleId;
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Asked about the role as it stands before the change (RFC 9110 §13.1.1). */
  readonly ifMatch?: ((current: RoleState) => boolean) | undefined;
}

type UpdateRoleDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Changes a role whose permissions, before and after, the actor holds. Acts on running sessions. */
export class UpdateRole {
  readonly #deps: UpdateRoleDeps;
  constructor(deps: UpdateRoleDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `not-found`, `owner-protected`, `precondition-failed`, `unknown-permission`,
   * `reserved-permission`, `rbac-limit-exceeded`
   */
  async execute(
    actor: Administrator,
    { id, ifMatch, permissions: names, ...given }: UpdateRoleInput,
  ): Promise<RoleState> {
    const { authority, sessionWatch, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    const after = await authority.commit(actor, 'roles.update', async (repositories, granter) => {
      const now = clock.now();
      const { roles, audit } = repositories;
      const role = await roles.byId(projectId, tenantId, id);
      if (role === undefined) throw new IamError('not-found');
      const before = role.toState();
      if (before.builtIn) throw new IamError('owner-protected');
      if (ifMatch !== undefined && !ifMatch(before)) throw new IamError('precondition-failed');
      granter.assertMayGrant(before.permissions);
      const permissions = names && (await permissionsForRole(repositories, projectId, names));
      if (permissions !== undefined) granter.assertMayGrant(permissions);
      role.change({ ...given, permissions }, now);
      roles.save(role);
      const what = { action: 'role.updated', entityType: 'role', entityId: id } as const;
      audit.record(audited(actor, { ...what, before: shown(before), after: shown(role.toState()) }, now));
      return role.toState();
    });
    await sessionWatch.announce({ tenantId });
    return after;
  }
}

function shown({ name, description, permissions }: RoleState) {
  return { name, description, permissions };
}
