import { IamError } from '../../domain/errors.ts';
import type { RoleId, RoleState } from '../../domain/role/role.ts';
import type { RoleDirectory } from '../../ports/directories/role-directory.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from './authority.ts';

/** One role of the actor's tenant. */
export class ReadRole {
  readonly #deps: { readonly authority: Authority; readonly roleDirectory: RoleDirectory };
  constructor(deps: { readonly authority: Authority; readonly roleDirectory: RoleDirectory }) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: Administrator, id: RoleId): Promise<RoleState> {
    await this.#deps.authority.assert(actor, 'roles.list');
    const role = await this.#deps.roleDirectory.byId(actor.projectId, actor.tenantId, id);
    if (role === undefined) throw new IamError('not-found');
    return role;
  }
}
