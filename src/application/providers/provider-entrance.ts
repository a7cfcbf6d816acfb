import { IamError } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import {
  type PendingIdentity,
  SignInChallenge,
  type SignInChallengeId,
} from '../../domain/session/sign-in-challenge.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Admission, Admitted } from '../authentication/admission.ts';
import type { Arrival } from '../authentication/arrival.ts';
import { assertMayEnter } from '../authentication/entrance.ts';
import type { SignedIn } from '../authentication/sign-in.ts';
import { PROVIDER_METHODS } from '../mfa/methods.ts';

export const MFA_CHALLENGE_CONTEXT = 'mfa-challenge';
const MFA_CHALLENGE_PREFIX = 'mc_';

/** What the word of a provider is taken for. */
export interface Vouched {
  readonly providerId: ProviderId;
  /** What is still to be linked, where a second factor comes first. */
  readonly pendingIdentity: PendingIdentity | null;
}

type ProviderEntranceDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'idGenerator' | 'clock'> & {
  readonly arrival: Arrival;
  readonly admission: Admission;
};

/** The way in for somebody whom a provider knows: the second factor is asked for here as anywhere else. */
export class ProviderEntrance {
  readonly #deps: ProviderEntranceDeps;
  constructor(deps: ProviderEntranceDeps) {
    this.#deps = deps;
  }

  /**
   * `person`: as the provider's word was taken for them. `claim`: what it rests on, or spends, in the same commit.
   * @throws IamError `mfa-required` with a challenge where a second factor is on, `token-invalid` when the person's
   * sessions were ended meanwhile, `account-disabled`, `account-locked`, `email-not-verified`, `tenant-blocked`
   */
  async enter(
    visitor: Visitor,
    project: ProjectState,
    person: UserState,
    vouched: Vouched,
    claim: (repositories: Repositories) => Promise<void>,
  ): Promise<SignedIn> {
    const { unitOfWork, arrival, admission, clock } = this.#deps;
    assertMayEnter(person, project, { familiar: false });
    if (person.totpEnabledAt !== null) return this.#challenge(visitor, person, vouched, claim);
    const { providerId } = vouched;
    const landing = await arrival.choose(visitor, project, person);
    const admitted = await unitOfWork.run(async (repositories): Promise<Admitted> => {
      await claim(repositories);
      const user = await repositories.users.byId(project.id, person.id);
      // A factor that was turned on meanwhile has ended every session, and this with them.
      if (user?.toState().sessionEpoch !== person.sessionEpoch) throw new IamError('token-invalid');
      assertMayEnter(user.toState(), project, { familiar: false });
      const who = { project, user, email: person.email, landing, amr: PROVIDER_METHODS, providerId } as const;
      const how = { action: 'auth.login.succeeded', changed: false } as const;
      return admission.admit(repositories, visitor, { ...who, ...how }, clock.now());
    });
    return admission.answer(project, admitted);
  }

  async #challenge(
    visitor: Visitor,
    person: UserState,
    vouched: Vouched,
    claim: (repositories: Repositories) => Promise<void>,
  ): Promise<never> {
    const { unitOfWork, secretIssuer, idGenerator, clock } = this.#deps;
    const { secret: challengeToken, digest } = secretIssuer.token(MFA_CHALLENGE_CONTEXT, MFA_CHALLENGE_PREFIX);
    await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      await claim(repositories);
      const user = await repositories.users.byId(person.projectId, person.id);
      if (user?.toState().sessionEpoch !== person.sessionEpoch) throw new IamError('token-invalid');
      const { projectId, id: userId, sessionEpoch: epoch } = person;
      const proof = { amr: PROVIDER_METHODS, authenticatedAt: now, ...vouched } as const;
      const id = idGenerator.next<SignInChallengeId>();
      repositories.signInChallenges.save(
        SignInChallenge.open({ id, projectId, userId, kind: 'mfa-challenge', digest, epoch, ...proof }, now),
      );
      repositories.requireUnchanged(user);
      const what = { action: 'auth.mfa.required', entityType: 'user', entityId: userId } as const;
      repositories.audit.record(audited(visitor, { ...what, userId, actorId: userId }, now));
    });
    // Only now: thrown inside `run`, there would be no challenge.
    throw new IamError('mfa-required', { challengeToken });
  }
}
