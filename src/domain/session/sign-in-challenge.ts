import { IamError } from '../errors.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { DomainEvent } from '../kernel/domain-event.ts';
import type { ProviderId } from '../project/auth-provider.ts';
import type { ProjectId } from '../project/project.ts';
import type { ProviderLinkState } from '../user/provider-link.ts';
import type { UserId } from '../user/user.ts';
import type { AuthenticationMethod } from './refresh-token.ts';
import type { SecretDigest } from './secret-digest.ts';

export type SignInChallengeId = Brand<string, 'SignInChallengeId'>;

/**
 * `tenant-selection`: every factor was shown, the tenant is still to be chosen. `login-ticket`: the password was right,
 * the code of the authenticator app is still to come; `mfa-challenge`: so it is after a provider. `exchange-code`: a
 * provider knows the person, and whoever started it fetches the outcome.
 */
export type SignInChallengeKind = keyof typeof LIFE_SECONDS;

const LIFE_SECONDS = {
  'tenant-selection': 300,
  'login-ticket': 300,
  'mfa-challenge': 300,
  'exchange-code': 60,
} as const;

/** As in `ProviderLinkState`. */
export type PendingIdentity = Pick<ProviderLinkState, 'externalId' | 'email' | 'displayName'>;

export interface SignInChallengeState {
  readonly id: SignInChallengeId;
  readonly projectId: ProjectId;
  readonly userId: UserId;
  readonly kind: SignInChallengeKind;
  readonly digest: SecretDigest;
  /** The user's `sessionEpoch` then: whatever ends all sessions ends this too. */
  readonly epoch: number;
  readonly amr: readonly AuthenticationMethod[];
  readonly authenticatedAt: Date;
  /** The provider that knows the person, where it was one. */
  readonly providerId: ProviderId | null;
  /** Who the person is there, where that is to be linked once every factor was shown. */
  readonly pendingIdentity: PendingIdentity | null;
  readonly expiresAt: Date;
}

/** A sign-in that stands between two steps. Short, spent once. */
export class SignInChallenge extends AggregateRoot<DomainEvent> {
  readonly #state: SignInChallengeState;

  private constructor(state: SignInChallengeState) {
    super();
    this.#state = state;
  }

  static open(input: Omit<SignInChallengeState, 'expiresAt'>, now: Date): SignInChallenge {
    return new SignInChallenge({ ...input, expiresAt: new Date(now.getTime() + LIFE_SECONDS[input.kind] * 1000) });
  }

  /** For repositories only. */
  static rehydrate(state: SignInChallengeState): SignInChallenge {
    return new SignInChallenge(state);
  }

  /** @throws IamError `token-expired`, `token-invalid` when the person's sessions were ended meanwhile */
  assertUsable(userEpoch: number, now: Date): void {
    if (this.#state.epoch !== userEpoch) throw new IamError('token-invalid');
    if (this.#state.expiresAt <= now) throw new IamError('token-expired');
  }

  get id(): SignInChallengeId {
    return this.#state.id;
  }

  toState(): SignInChallengeState {
    return this.#state;
  }
}
