import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { TenantDirectory } from '../../ports/directories/tenant-directory.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';

interface ListTenantsDeps {
  readonly authority: Authority;
  readonly tenantDirectory: TenantDirectory;
}

/** Every tenant of the project, for the owner of the platform. */
export class ListTenants {
  readonly #deps: ListTenantsDeps;
  constructor(deps: ListTenantsDeps) {
    this.#deps = deps;
  }

  /** Newest first, blocked ones too. @throws IamError `forbidden` */
  async execute(actor: UserActor, request: PageRequest<TenantId>): Promise<Page<TenantState>> {
    await this.#deps.authority.assert(actor, 'tenants.list');
    return this.#deps.tenantDirectory.page(actor.projectId, request);
  }
}
