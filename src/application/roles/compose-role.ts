import { IamError } from '../../domain/errors.ts';
import { Role, type RoleState, roleSlug } from '../../domain/role/role.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from './authority.ts';
import { permissionsForRole } from './registered-permissions.ts';

export interface ComposeRoleInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly permissions: readonly string[];
}

type ComposeRoleDeps = Pick<Ports, 'idGenerator' | 'clock'> & { readonly authority: Authority };

/** A new role in the actor's tenant, of nothing but what the actor holds. */
export class ComposeRole {
  readonly #deps: ComposeRoleDeps;
  constructor(deps: ComposeRoleDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `unknown-permission`, `reserved-permission`, `role-already-exists`,
   * `rbac-limit-exceeded`, `validation-error`
   */
  async execute(actor: Administrator, input: ComposeRoleInput): Promise<RoleState> {
    const { authority, idGenerator, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    const slug = roleSlug(input.name);
    return authority.commit(actor, 'roles.create', async (repositories, granter) => {
      const now = clock.now();
      const { tenants, roles, audit } = repositories;
      const permissions = await permissionsForRole(repositories, projectId, input.permissions);
      granter.assertMayGrant(permissions);
      const tenant = await tenants.byId(projectId, tenantId);
      if (tenant === undefined) throw new IamError('not-found');
      // The promise is the unique index's; this answers before the limit does.
      if ((await roles.bySlug(projectId, tenantId, slug)) !== undefined) throw new IamError('role-already-exists');
      tenant.addRole();
      tenants.save(tenant);
      const { name, description } = input;
      const given = { name, description: description ?? null, permissions, slug };
      const place = {
        id: idGenerator.next<Role['id']>(),
        projectId,
        tenantId,
        builtIn: false,
        createdBy: 'userId' in actor ? actor.userId : null,
      };
      const role = Role.compose({ ...place, ...given }, now);
      roles.save(role);
      const what = { action: 'role.created', entityType: 'role', entityId: role.id, after: given } as const;
      audit.record(audited(actor, what, now));
      return role.toState();
    });
  }
}
