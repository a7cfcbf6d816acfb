import { IamError } from '../errors.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { DomainEvent } from '../kernel/domain-event.ts';
import type { ProjectId } from '../project/project.ts';
import type { EmailAddress } from '../user/email-address.ts';
import type { UserId } from '../user/user.ts';
import type { SecretDigest } from './secret-digest.ts';

/** Names one minted secret; a new one for the same purpose has another id. */
export type OneTimeTokenId = Brand<string, 'OneTimeTokenId'>;

/**
 * `…-otp`: six digits, found by the person. `…-link`: 256 random bits, found by their digest.
 * `disown` says "this was not me"; `email-change` proves a pending address, `email-change-consent` agrees to it.
 */
export type OneTimeTokenPurpose =
  | 'verify-email-otp'
  | 'verify-email-link'
  | 'reset-password-otp'
  | 'reset-password-link'
  | 'email-change'
  | 'email-change-consent'
  | 'disown';

/** What a pending address waits for: another request for a change makes them worthless. */
export const EMAIL_CHANGE_TOKENS = ['email-change', 'email-change-consent'] as const;

export interface OneTimeTokenState {
  readonly id: OneTimeTokenId;
  readonly projectId: ProjectId;
  readonly userId: UserId;
  readonly purpose: OneTimeTokenPurpose;
  /** The mailbox that it was sent to: it proves no other. */
  readonly email: EmailAddress;
  readonly digest: SecretDigest;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const ONE_TIME_TOKEN_LIFE_SECONDS: Readonly<Record<OneTimeTokenPurpose, number>> = {
  'verify-email-otp': 10 * MINUTE,
  'verify-email-link': 24 * HOUR,
  'reset-password-otp': 15 * MINUTE,
  'reset-password-link': HOUR,
  'email-change': 24 * HOUR,
  'email-change-consent': 24 * HOUR,
  disown: 7 * 24 * HOUR,
};

/** All of them, and so whatever comes to them later. */
export const ONE_TIME_TOKEN_PURPOSES = Object.keys(ONE_TIME_TOKEN_LIFE_SECONDS) as readonly OneTimeTokenPurpose[];

/** A mailed secret: hashed, expiring, spent once. One a user and purpose: a new one kills the old. */
export class OneTimeToken extends AggregateRoot<DomainEvent> {
  readonly #state: OneTimeTokenState;

  private constructor(state: OneTimeTokenState) {
    super();
    this.#state = state;
  }

  static mint(input: Omit<OneTimeTokenState, 'createdAt' | 'expiresAt'>, now: Date): OneTimeToken {
    const lifeSeconds = ONE_TIME_TOKEN_LIFE_SECONDS[input.purpose];
    return new OneTimeToken({ ...input, createdAt: now, expiresAt: new Date(now.getTime() + lifeSeconds * 1000) });
  }

  /** For repositories only. */
  static rehydrate(state: OneTimeTokenState): OneTimeToken {
    return new OneTimeToken(state);
  }

  /** @throws IamError `token-expired` */
  assertFresh(now: Date): void {
    if (this.#state.expiresAt <= now) throw new IamError('token-expired');
  }

  toState(): OneTimeTokenState {
    return this.#state;
  }
}
