import type { AuditChain } from '../../domain/audit/audit-chain.ts';
import type { Administrator } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';

/** The trail of the actor's tenant; in a project's root tenant also what happened in no tenant, such as failed logins. */
export class ReadableChains {
  readonly #knownProjects: KnownProjects;

  constructor(deps: { readonly knownProjects: KnownProjects }) {
    this.#knownProjects = deps.knownProjects;
  }

  async of({ projectId, tenantId }: Administrator): Promise<readonly AuditChain[]> {
    const { rootTenantId } = await this.#knownProjects.byId(projectId);
    const own = { projectId, tenantId };
    return tenantId === rootTenantId ? [own, { projectId, tenantId: null }] : [own];
  }
}
