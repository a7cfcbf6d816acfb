import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import type { SignInChallenge } from '../../domain/session/sign-in-challenge.ts';
import type { User } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import type { Admission } from '../authentication/admission.ts';
import type { Arrival } from '../authentication/arrival.ts';
import { assertMayEnter } from '../authentication/entrance.ts';
import type { SignedIn } from '../authentication/sign-in.ts';
import { PROVIDER_MFA_METHODS } from '../mfa/methods.ts';
import type { TotpCheck } from '../mfa/totp-check.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { ExternalAccounts } from './external-accounts.ts';
import { presentProvider } from './present-provider.ts';
import { MFA_CHALLENGE_CONTEXT } from './provider-entrance.ts';

type AnswerMfaChallengeDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly totpCheck: TotpCheck;
  readonly arrival: Arrival;
  readonly admission: Admission;
  readonly externalAccounts: ExternalAccounts;
};

/** The second step of a sign-in by a provider: a code. Success alone spends the challenge. */
export class AnswerMfaChallenge {
  readonly #deps: AnswerMfaChallengeDeps;
  constructor(deps: AnswerMfaChallengeDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `token-invalid` also after five wrong codes, `token-expired`, `mfa-invalid`, `rate-limited`,
   * `account-disabled`, `account-locked`, `sign-in-closed`, `tenant-blocked`, `provider-already-linked`, `not-found` once the provider is switched off
   */
  async execute(
    visitor: Visitor,
    input: { readonly challengeToken: string; readonly code: string },
  ): Promise<SignedIn> {
    const { unitOfWork, knownProjects, totpCheck, arrival, admission, externalAccounts, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const seen = await unitOfWork.run((repositories) => this.#find(repositories, project, input.challengeToken));
    const person = seen.user.toState();
    const code = await totpCheck.assert(visitor, person, input.code, { ticket: seen.challenge.id });
    const landing = await arrival.choose(visitor, project, person);
    const admitted = await code.commit(async (repositories) => {
      const now = clock.now();
      const { challenge, user, provider } = await this.#find(repositories, project, input.challengeToken);
      repositories.signInChallenges.spend(challenge);
      const { providerId, pendingIdentity } = challenge.toState();
      if (pendingIdentity !== null) {
        externalAccounts.link(repositories, visitor, provider, user, pendingIdentity, now);
      }
      const who = { project, user, email: person.email, landing, amr: PROVIDER_MFA_METHODS, providerId } as const;
      const how = { action: 'auth.login.succeeded', changed: pendingIdentity !== null } as const;
      return admission.admit(repositories, visitor, { ...who, ...how }, now);
    });
    return admission.answer(project, admitted);
  }

  async #find(
    repositories: Repositories,
    project: ProjectState,
    challengeToken: string,
  ): Promise<{ readonly challenge: SignInChallenge; readonly user: User; readonly provider: AuthProviderState }> {
    const { signInChallenges, users } = repositories;
    const { secretIssuer, clock } = this.#deps;
    const digests = secretIssuer.digests(MFA_CHALLENGE_CONTEXT, challengeToken);
    const challenge = await signInChallenges.byDigest(project.id, 'mfa-challenge', digests);
    const user = challenge && (await users.byId(project.id, challenge.toState().userId));
    if (challenge === undefined || user === undefined) throw new IamError('token-invalid');
    const { providerId, authenticatedAt: since } = challenge.toState();
    if (providerId === null) throw new IamError('token-invalid');
    challenge.assertUsable(user.toState().sessionEpoch, clock.now());
    const provider = await presentProvider(repositories, { projectId: project.id, providerId, since });
    assertMayEnter(user.toState(), project, { familiar: false });
    return { challenge, user, provider };
  }
}
