import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { landIn } from '../tenants/land-in.ts';
import { findOwnSession, presentSession } from './own-session.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

type SwitchTenantDeps = Pick<Ports, 'unitOfWork' | 'refreshTokenCodec' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/** A new session in another tenant of the same person, resting on the authentication of the present one. */
export class SwitchTenant {
  readonly #deps: SwitchTenantDeps;
  constructor(deps: SwitchTenantDeps) {
    this.#deps = deps;
  }

  /** A given refresh token is ended. @throws IamError `not-found`, `tenant-blocked`, `token-invalid` */
  async execute(
    actor: UserActor,
    input: { readonly tenantId: TenantId; readonly refreshToken?: string | undefined },
  ): Promise<TokenPair> {
    const { unitOfWork, refreshTokenCodec, knownProjects, sessionOpener, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(actor.projectId);
    assertSignInOpen(project.settings);
    const standing = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, refreshTokens, audit } = repositories;
      const user = await users.byId(actor.projectId, actor.userId);
      const present = await presentSession(refreshTokens, actor);
      if (user === undefined) throw new IamError('token-invalid');
      const landing = await landIn(repositories, actor, project, input.tenantId, actor.userId);
      const { amr, authenticatedAt } = present.standing.session;
      const proof = { amr, authenticatedAt };
      const opened = sessionOpener.open(repositories, actor, project, user, landing, proof, now);
      users.touch(user);
      const left =
        input.refreshToken === undefined
          ? undefined
          : await findOwnSession(refreshTokens, refreshTokenCodec, actor, input.refreshToken);
      if (input.refreshToken !== undefined && left === undefined) throw new IamError('token-invalid');
      if (left !== undefined) {
        left.end('switched-tenant', now);
        refreshTokens.save(left);
      }
      if (left?.id !== present.session.id) repositories.requireUnchanged(present.session);
      const what = { action: 'auth.tenant.switched', entityType: 'session', entityId: opened.session.id } as const;
      audit.record(audited(actor, { ...what, tenantId: input.tenantId }, now));
      return opened;
    });
    if (input.refreshToken !== undefined) await sessionWatch.announce({ userId: actor.userId });
    return this.#deps.tokenPairs.of(project, standing);
  }
}
