import { IamError } from '../errors.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { DomainEvent } from '../kernel/domain-event.ts';
import type { ProviderId } from '../project/auth-provider.ts';
import type { ProjectId } from '../project/project.ts';
import type { UserId } from '../user/user.ts';
import type { SessionId } from './refresh-token.ts';
import type { SealedSecret } from './sealed-secret.ts';
import type { SecretDigest } from './secret-digest.ts';

export type AuthorizationRequestId = Brand<string, 'AuthorizationRequestId'>;

/** What somebody was sent to a provider for. */
export type ProviderIntent = 'sign-in' | 'link' | 'reauthentication';

export interface AuthorizationRequestState {
  readonly id: AuthorizationRequestId;
  readonly projectId: ProjectId;
  readonly providerId: ProviderId;
  readonly intent: ProviderIntent;
  /** Of the `state` parameter (RFC 6749 §4.1.1). */
  readonly digest: SecretDigest;
  /** Of the verifier: whoever starts holds it, and tokens go to nobody else. */
  readonly verifierDigest: SecretDigest;
  /** Whose session it is for; `null` when somebody signs in. */
  readonly userId: UserId | null;
  readonly sessionId: SessionId | null;
  /** Where the browser goes in the end: one of the allowed URLs. */
  readonly returnTo: string | null;
  /** What the provider's adapter needs to finish: PKCE verifier, nonce, message. */
  readonly memo: SealedSecret;
  readonly expiresAt: Date;
}

export interface WantedRequest {
  readonly providerId?: ProviderId | undefined;
  readonly intents: readonly ProviderIntent[];
}

export const AUTHORIZATION_REQUEST_SECONDS = 600;

/** Somebody who has been sent to a provider and is to come back, once (RFC 9700 §2.1.1). */
export class AuthorizationRequest extends AggregateRoot<DomainEvent> {
  readonly #state: AuthorizationRequestState;

  private constructor(state: AuthorizationRequestState) {
    super();
    this.#state = state;
  }

  static open(input: Omit<AuthorizationRequestState, 'expiresAt'>, now: Date): AuthorizationRequest {
    return new AuthorizationRequest({ ...input, expiresAt: AuthorizationRequest.expiryFrom(now) });
  }

  /** When one that is opened now is over. */
  static expiryFrom(now: Date): Date {
    return new Date(now.getTime() + AUTHORIZATION_REQUEST_SECONDS * 1000);
  }

  /** For repositories only. */
  static rehydrate(state: AuthorizationRequestState): AuthorizationRequest {
    return new AuthorizationRequest(state);
  }

  /**
   * `providerId`: where the person says that they come from, if they say so.
   * @throws IamError `token-invalid` when it was made for something else, or at another provider
   */
  assertFor({ providerId = this.#state.providerId, intents }: WantedRequest): void {
    const wanted = providerId === this.#state.providerId && intents.includes(this.#state.intent);
    if (!wanted) throw new IamError('token-invalid');
  }

  get id(): AuthorizationRequestId {
    return this.#state.id;
  }

  toState(): AuthorizationRequestState {
    return this.#state;
  }
}

/** @throws IamError `token-expired` */
export function assertInTime({ expiresAt }: Pick<AuthorizationRequestState, 'expiresAt'>, now: Date): void {
  if (expiresAt <= now) throw new IamError('token-expired');
}
