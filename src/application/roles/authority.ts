import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories, UnitOfWork } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { Granter } from './granter.ts';

type AuthorityDeps = Pick<Ports, 'unitOfWork' | 'clock'> & { readonly knownProjects: KnownProjects };

/** Asks for permissions, and leaves a trace of every refusal (ASVS 16.3.2). */
export class Authority {
  readonly #deps: AuthorityDeps;
  constructor(deps: AuthorityDeps) {
    this.#deps = deps;
  }

  /** For looking: on what the actor was a moment ago. @throws IamError `forbidden` */
  async assert(actor: Administrator, permission: string): Promise<void> {
    if (!actor.permissions.allows(permission)) await this.#refuse(actor, permission);
  }

  /**
   * For changing: `work` is committed only while the actor still has the permission, and may ask for more of what they
   * have in the same commit. `run`: what makes the commit, where something else is part of it.
   * @throws IamError `forbidden`, `token-invalid` for somebody who is no member, a session or a key that is none, any more
   */
  async commit<T>(
    actor: Administrator,
    permission: string,
    work: (repositories: Repositories, granter: Granter) => Promise<T>,
    run: UnitOfWork['run'] = (whole) => this.#deps.unitOfWork.run(whole),
  ): Promise<T> {
    const { knownProjects, clock } = this.#deps;
    await this.assert(actor, permission);
    const project = await knownProjects.byId(actor.projectId);
    try {
      return await run(async (repositories) => {
        const granter =
          'apiKeyId' in actor
            ? await Granter.ofKey(repositories, project, actor, clock.now())
            : await Granter.present(repositories, project, actor.tenantId, actor.userId);
        if (granter === undefined) throw new IamError('token-invalid');
        granter.assertAllows(permission);
        if ('sessionId' in actor) await presentSession(repositories.refreshTokens, actor);
        return work(repositories, granter);
      });
    } catch (refusal) {
      if (refusal instanceof IamError && refusal.is('forbidden')) {
        return this.#refuse(actor, refusal.details.requiredPermission ?? permission);
      }
      throw refusal;
    }
  }

  async #refuse(actor: Administrator, requiredPermission: string): Promise<never> {
    const { unitOfWork, clock } = this.#deps;
    const metadata = { requiredPermission };
    const what = { action: 'auth.forbidden', entityType: 'tenant', entityId: actor.tenantId, metadata } as const;
    await unitOfWork.run(async ({ audit }) => audit.record(audited(actor, what, clock.now())));
    throw new IamError('forbidden', metadata);
  }
}
