import type { RoleId, RoleState } from '../../domain/role/role.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { RoleDirectory } from '../../ports/directories/role-directory.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from './authority.ts';

/** The roles of the actor's tenant, newest first. */
export class ListRoles {
  readonly #deps: { readonly authority: Authority; readonly roleDirectory: RoleDirectory };
  constructor(deps: { readonly authority: Authority; readonly roleDirectory: RoleDirectory }) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: Administrator, request: PageRequest<RoleId>): Promise<Page<RoleState>> {
    await this.#deps.authority.assert(actor, 'roles.list');
    return this.#deps.roleDirectory.page(actor.projectId, actor.tenantId, request);
  }
}
