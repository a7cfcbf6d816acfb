import { IamError } from '../errors.ts';
import type { SigningKeyEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { SealedSecret } from '../session/sealed-secret.ts';
import type { ProjectId } from './project.ts';
import type { SigningAlgorithm } from './project-settings.ts';

export type KeyId = Brand<string, 'KeyId'>;

/** `next` is published before it signs, `previous` verifies until its last token has expired, `retired` does nothing. */
export type SigningKeyStage = 'next' | 'current' | 'previous' | 'retired';

/** A public JSON Web Key (RFC 7517 §4): never a private member. */
export type PublicJwk = Readonly<Record<string, string>>;

export interface SigningKeyState {
  readonly kid: KeyId;
  readonly projectId: ProjectId;
  readonly algorithm: SigningAlgorithm;
  readonly stage: SigningKeyStage;
  readonly publicJwk: PublicJwk;
  /** The private JWK, sealed. */
  readonly sealedPrivateJwk: SealedSecret;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  /** When a `previous` key stops verifying. */
  readonly expiresAt: Date | null;
}

/** How long relying parties may keep a JWKS answer: a key must be published that long before it signs. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** How long a key is kept that nobody verifies with any more: should a clock have been wrong, it is still there. */
export const RETIRED_KEY_KEPT_SECONDS = 7 * 86_400;

/** One key of a project, used with exactly one algorithm (RFC 8725 §3.1). */
export class SigningKey extends AggregateRoot<SigningKeyEvent> {
  #state: SigningKeyState;

  private constructor(state: SigningKeyState) {
    super();
    this.#state = state;
  }

  /** A key that is published, and signs once it is activated. */
  static prepare(
    input: Pick<SigningKeyState, 'kid' | 'projectId' | 'algorithm' | 'publicJwk' | 'sealedPrivateJwk'>,
    now: Date,
  ): SigningKey {
    return new SigningKey({ ...input, stage: 'next', createdAt: now, activatedAt: null, expiresAt: null });
  }

  /** For repositories only. */
  static rehydrate(state: SigningKeyState): SigningKey {
    return new SigningKey(state);
  }

  get stage(): SigningKeyStage {
    return this.#state.stage;
  }

  /** @throws IamError `rotation-too-soon` while a relying party may hold a JWKS without this key */
  assertPublishedLongEnough(now: Date): void {
    const readyAt = this.#state.createdAt.getTime() + JWKS_MAX_AGE_SECONDS * 1000;
    if (now.getTime() < readyAt) {
      throw new IamError('rotation-too-soon', { retryAfterSeconds: Math.ceil((readyAt - now.getTime()) / 1000) });
    }
  }

  /** next → current: from now on it signs. */
  activate(now: Date): void {
    if (this.#state.stage !== 'next') throw new IamError('conflict');
    this.#state = { ...this.#state, stage: 'current', activatedAt: now };
    this.#tell('signing-key-activated', now);
  }

  /** current → previous: it verifies for as long as a token that it signed may live. */
  retireAfter(tokenLifeSeconds: number, now: Date): void {
    if (this.#state.stage !== 'current') throw new IamError('conflict');
    const expiresAt = new Date(now.getTime() + tokenLifeSeconds * 1000);
    this.#state = { ...this.#state, stage: 'previous', expiresAt };
    this.#tell('signing-key-superseded', now);
  }

  /** Any stage → retired, at once: for a compromised key. Every token that it signed is void. */
  remove(now: Date): void {
    this.#state = { ...this.#state, stage: 'retired', expiresAt: now };
    this.#tell('signing-key-removed', now);
  }

  #tell(type: SigningKeyEvent['type'], now: Date): void {
    this.record({ type, projectId: this.#state.projectId, kid: this.#state.kid, occurredAt: now.toISOString() });
  }

  toState(): SigningKeyState {
    return this.#state;
  }
}

/** Whether relying parties must be able to verify with this key at `now`. */
export function isPublished(key: Pick<SigningKeyState, 'stage' | 'expiresAt'>, now: Date): boolean {
  if (key.stage === 'retired') return false;
  return key.stage !== 'previous' || (key.expiresAt !== null && key.expiresAt > now);
}
