import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { Authority } from './authority.ts';

type ModuleAuthorityDeps = Pick<Ports, 'unitOfWork'> & {
  readonly authority: Authority;
  readonly knownProjects: KnownProjects;
};

/** Modules belong to a project: the owner of the platform looks after the platform's, a `manage` key after its own. */
export class ModuleAuthority {
  readonly #deps: ModuleAuthorityDeps;
  constructor(deps: ModuleAuthorityDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async assert(actor: Administrator, permission: string): Promise<void> {
    if (!('apiKeyId' in actor)) await this.#deps.authority.assert(actor, permission);
  }

  /** @throws IamError `forbidden` */
  commit<T>(actor: Administrator, permission: string, work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const { authority, unitOfWork } = this.#deps;
    return 'apiKeyId' in actor ? unitOfWork.run(work) : authority.commit(actor, permission, work);
  }

  /** What happens to a project's modules is recorded in its root tenant. */
  async audited(
    actor: Administrator,
    what: Pick<AuditEntry, 'action' | 'entityId'> & Partial<Pick<AuditEntry, 'before' | 'after'>>,
    now: Date,
  ): Promise<AuditEntry> {
    const { rootTenantId: tenantId } = await this.#deps.knownProjects.byId(actor.projectId);
    return audited(actor, { ...what, entityType: 'module', tenantId }, now);
  }
}
