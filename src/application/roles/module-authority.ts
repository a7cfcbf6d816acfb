import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { KeyActor, UserActor } from '../actor.ts';
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
  async assert(actor: UserActor | KeyActor, permission: string): Promise<void> {
    if (!('apiKeyId' in actor)) await this.#deps.authority.assert(actor, permission);
  }

  /** @throws IamError `forbidden` */
  commit<T>(
    actor: UserActor | KeyActor,
    permission: string,
    work: (repositories: Repositories) => Promise<T>,
  ): Promise<T> {
    const { authority, unitOfWork } = this.#deps;
    return 'apiKeyId' in actor ? unitOfWork.run(work) : authority.commit(actor, permission, work);
  }

  /** What happens to a project's modules is recorded in its root tenant. */
  async audited(
    actor: UserActor | KeyActor,
    what: Pick<AuditEntry, 'action' | 'entityId'> & Partial<Pick<AuditEntry, 'before' | 'after'>>,
    now: Date,
  ): Promise<AuditEntry> {
    const tenantId = await this.#rootTenant(actor.projectId);
    const entry = { ...what, entityType: 'module', projectId: actor.projectId, tenantId } as const;
    if (!('apiKeyId' in actor)) return audited(actor, entry, now);
    const visitor = { projectId: actor.projectId, dialect: 'v1', origin: actor.origin } as const;
    return audited(visitor, { ...entry, actorId: actor.apiKeyId }, now);
  }

  async #rootTenant(projectId: ProjectId): Promise<TenantId> {
    return (await this.#deps.knownProjects.byId(projectId)).rootTenantId;
  }
}
