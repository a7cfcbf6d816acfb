import { IamError } from '../../domain/errors.ts';
import { assertEnabled } from '../../domain/project/auth-provider.ts';
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
import { MFA_CHALLENGE_CONTEXT } from './provider-entrance.ts';

type AnswerMfaChallengeDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly totpCheck: TotpCheck;
  readonly arrival: Arrival;
  readonly admission: Admission;
};

/** The second step of a sign-in by a provider: a code. Success alone spends the challenge. */
export class AnswerMfaChallenge {
  readonly #deps: AnswerMfaChallengeDeps;
  constructor(deps: AnswerMfaChallengeDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `token-invalid` also after five wrong codes, `token-expired`, `mfa-invalid`, `rate-limited`,
   * `account-disabled`, `account-locked`, `sign-in-closed`, `tenant-blocked`, `not-found` once the provider is switched off
   */
  async execute(
    visitor: Visitor,
    input: { readonly challengeToken: string; readonly code: string },
  ): Promise<SignedIn> {
    const { unitOfWork, knownProjects, totpCheck, arrival, admission, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const seen = await unitOfWork.run((repositories) => this.#find(repositories, project, input.challengeToken));
    const person = seen.user.toState();
    const code = await totpCheck.assert(visitor, person, input.code, { ticket: seen.challenge.id });
    const landing = await arrival.choose(visitor, project, person);
    const admitted = await code.commit(async (repositories) => {
      const { challenge, user } = await this.#find(repositories, project, input.challengeToken);
      repositories.signInChallenges.spend(challenge);
      const { providerId } = challenge.toState();
      const who = { project, user, email: person.email, landing, amr: PROVIDER_MFA_METHODS, providerId } as const;
      const how = { action: 'auth.login.succeeded', changed: false } as const;
      return admission.admit(repositories, visitor, { ...who, ...how }, clock.now());
    });
    return admission.answer(project, admitted);
  }

  async #find(
    { signInChallenges, users, authProviders }: Repositories,
    project: ProjectState,
    challengeToken: string,
  ): Promise<{ readonly challenge: SignInChallenge; readonly user: User }> {
    const { secretIssuer, clock } = this.#deps;
    const digests = secretIssuer.digests(MFA_CHALLENGE_CONTEXT, challengeToken);
    const challenge = await signInChallenges.byDigest(project.id, 'mfa-challenge', digests);
    const user = challenge && (await users.byId(project.id, challenge.toState().userId));
    const providerId = challenge?.toState().providerId ?? null;
    if (challenge === undefined || user === undefined || providerId === null) throw new IamError('token-invalid');
    challenge.assertUsable(user.toState().sessionEpoch, clock.now());
    assertEnabled((await authProviders.byId(project.id, providerId))?.toState());
    assertMayEnter(user.toState(), project, { familiar: false });
    return { challenge, user };
  }
}
