import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { SigningAlgorithm } from '../../domain/project/project-settings.ts';
import { isPublished, type KeyId, type SigningKeyState } from '../../domain/project/signing-key.ts';
import { signingKeyBinding } from '../../domain/project/signing-key-binding.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { Jwks } from '../../ports/token-signer.ts';

/** A key as it is used: with exactly one algorithm (RFC 8725 §3.1). */
export interface UsableKey {
  readonly kid: KeyId;
  readonly algorithm: SigningAlgorithm;
  readonly key: CryptoKey;
}

/** The keys of one project as they were at one moment, imported. */
export class ProjectKeys {
  readonly jwks: Jwks;
  /** When a previous key stops verifying, and these are not the project's keys any more. */
  readonly validUntil: Date | undefined;
  readonly #verifying: ReadonlyMap<string, UsableKey>;
  readonly #current: SigningKeyState | undefined;
  readonly #secretBox: SecretBox;
  #signing: Promise<UsableKey> | undefined;

  private constructor(
    published: readonly SigningKeyState[],
    verifying: ReadonlyMap<string, UsableKey>,
    secretBox: SecretBox,
    before: ProjectKeys | undefined,
  ) {
    const sameJwks =
      before?.jwks.keys.length === published.length && published.every(({ kid }) => before.verifier(kid));
    this.jwks = before && sameJwks ? before.jwks : { keys: published.map(({ publicJwk }) => publicJwk) };
    this.validUntil = published
      .flatMap(({ stage, expiresAt }) => (stage === 'previous' && expiresAt ? [expiresAt] : []))
      .sort((a, b) => a.getTime() - b.getTime())[0];
    this.#verifying = verifying;
    this.#current = published.find(({ stage }) => stage === 'current');
    this.#secretBox = secretBox;
    if (before && before.#current?.kid === this.#current?.kid) this.#signing = before.#signing;
  }

  /** What `before` has imported is not imported again. `undefined` when nothing is published. */
  static async of(
    states: readonly SigningKeyState[],
    secretBox: SecretBox,
    now: Date,
    before: ProjectKeys | undefined,
  ): Promise<ProjectKeys | undefined> {
    const published = states.filter((state) => isPublished(state, now));
    if (published.length === 0) return undefined;
    const usable = await Promise.all(published.map((state) => before?.verifier(state.kid) ?? usablePublicKey(state)));
    return new ProjectKeys(published, new Map(usable.map((key) => [key.kid, key])), secretBox, before);
  }

  /** A hostile kid finds nothing. */
  verifier(kid: string): UsableKey | undefined {
    return this.#verifying.get(kid);
  }

  /** Opened and imported at the first signature. `undefined` when the project has no current key. */
  async signer(): Promise<UsableKey | undefined> {
    if (!this.#current) return undefined;
    this.#signing ??= usablePrivateKey(this.#current, this.#secretBox);
    return this.#signing;
  }
}

async function usablePublicKey({ kid, algorithm, publicJwk }: SigningKeyState): Promise<UsableKey> {
  return { kid, algorithm, key: await imported(publicJwk, algorithm) };
}

async function usablePrivateKey(state: SigningKeyState, secretBox: SecretBox): Promise<UsableKey> {
  const { kid, algorithm, projectId, sealedPrivateJwk } = state;
  const jwk: JWK = JSON.parse(secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid)));
  return { kid, algorithm, key: await imported(jwk, algorithm) };
}

async function imported(jwk: JWK, algorithm: SigningAlgorithm): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw new TypeError('a signing key is never symmetric');
  return key;
}
