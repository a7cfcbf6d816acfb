import type { TenantDirectory } from '../../ports/directories/tenant-directory.ts';
import type { UserActor } from '../actor.ts';
import { type TenantChoice, tenantChoice } from './tenant-choice.ts';

/** The tenants that the actor belongs to. */
export class ListOwnTenants {
  readonly #directory: TenantDirectory;
  constructor(deps: { readonly tenantDirectory: TenantDirectory }) {
    this.#directory = deps.tenantDirectory;
  }

  async execute(actor: UserActor): Promise<readonly (TenantChoice & { readonly current: boolean })[]> {
    const tenants = await this.#directory.ofUser(actor.projectId, actor.userId);
    return tenants.map((own) => ({ ...tenantChoice(own), current: own.tenant.id === actor.tenantId }));
  }
}
