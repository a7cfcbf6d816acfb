import { IamError } from '../../domain/errors.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { establishTenant } from './establish-tenant.ts';

export interface CreateTenantInput {
  readonly name: string;
  readonly logoUrl?: string | null | undefined;
}

type CreateTenantDeps = Pick<Ports, 'unitOfWork' | 'idGenerator' | 'clock'> & { readonly knownProjects: KnownProjects };

/** Another tenant, which the actor owns. */
export class CreateTenant {
  readonly #deps: CreateTenantDeps;
  constructor(deps: CreateTenantDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` where people make no tenants of their own, `email-not-verified`, `token-invalid` */
  async execute(actor: UserActor, { name, logoUrl }: CreateTenantInput): Promise<TenantState> {
    const { unitOfWork, knownProjects, idGenerator, clock } = this.#deps;
    const { projectId, userId: ownerId } = actor;
    const { settings } = await knownProjects.byId(projectId);
    if (!settings.selfServiceTenants) throw new IamError('forbidden', {});
    const id = idGenerator.next<TenantId>();
    return unitOfWork.run(async (repositories) => {
      const { users, refreshTokens, requireUnchanged } = repositories;
      const user = await users.byId(projectId, ownerId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined) throw new IamError('token-invalid');
      if (!user.emailVerified) throw new IamError('email-not-verified');
      requireUnchanged(session);
      const now = clock.now();
      // Whoever decides at the same time by what the person belongs to has to look again.
      users.save(user);
      const tenant = { id, projectId, name, logoUrl, ownerId, root: false };
      return establishTenant(repositories, actor, tenant, idGenerator, now).tenant;
    });
  }
}
