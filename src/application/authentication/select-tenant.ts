import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { assertInUse } from '../../domain/user/account-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { methodOf } from '../mfa/methods.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { landIn } from '../tenants/land-in.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

export const SELECTION_CONTEXT = 'tenant-selection';
export const SELECTION_PREFIX = 'st_';

type SelectTenantDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/** Finishes a sign-in that offered several tenants. The selection session is spent by success alone. */
export class SelectTenant {
  readonly #deps: SelectTenantDeps;
  constructor(deps: SelectTenantDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `not-found` for a tenant that is not theirs, `tenant-blocked` */
  async execute(
    visitor: Visitor,
    input: {
      readonly sessionToken: string;
      readonly tenantId: TenantId;
      readonly rememberChoice?: boolean | undefined;
    },
  ): Promise<TokenPair> {
    const { unitOfWork, secretIssuer, knownProjects, sessionOpener, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const digests = secretIssuer.digests(SELECTION_CONTEXT, input.sessionToken);
    const standing = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { signInChallenges, users, audit } = repositories;
      const challenge = await signInChallenges.byDigest(project.id, 'tenant-selection', digests);
      if (challenge === undefined) throw new IamError('token-invalid');
      const { userId, amr, authenticatedAt, providerId } = challenge.toState();
      const user = await users.byId(project.id, userId);
      if (user === undefined) throw new IamError('token-invalid');
      challenge.assertUsable(user.toState().sessionEpoch, now);
      assertInUse(user.toState());
      const landing = await landIn(repositories, visitor, project, input.tenantId, user.id);
      signInChallenges.spend(challenge);
      user.signedIn(methodOf(amr, providerId));
      if (input.rememberChoice === true) user.prefersTenant(input.tenantId);
      const proof = { amr, authenticatedAt };
      const opened = sessionOpener.open(repositories, visitor, project, user, landing, proof, now);
      users.touch(user);
      const who = { userId, actorId: userId, tenantId: input.tenantId } as const;
      const what = { action: 'auth.tenant.selected', entityType: 'session', entityId: opened.session.id } as const;
      audit.record(audited(visitor, { ...what, ...who }, now));
      return opened;
    });
    return this.#deps.tokenPairs.of(project, standing);
  }
}
