import { IamError } from '../../domain/errors.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { TenantDirectory } from '../../ports/directories/tenant-directory.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { requiredPermission } from './required-permission.ts';

interface ReadTenantDeps {
  readonly authority: Authority;
  readonly tenantDirectory: TenantDirectory;
}

/** One tenant with its settings. */
export class ReadTenant {
  readonly #deps: ReadTenantDeps;
  constructor(deps: ReadTenantDeps) {
    this.#deps = deps;
  }

  /** The actor's tenant; any, for the owner of the platform. @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor, id: TenantId): Promise<TenantState> {
    const { authority, tenantDirectory } = this.#deps;
    await authority.assert(actor, requiredPermission(actor, id, { own: 'settings.read', any: 'tenants.list' }));
    const tenant = await tenantDirectory.byId(actor.projectId, id);
    if (tenant === undefined) throw new IamError('not-found');
    return tenant;
  }
}
