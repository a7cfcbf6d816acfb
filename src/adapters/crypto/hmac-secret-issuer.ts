import { hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { SessionNonce } from '../../domain/session/refresh-token.ts';
import { digestedUnder, type SecretDigest } from '../../domain/session/secret-digest.ts';
import type { IssuedSecret, SecretIssuer } from '../../ports/secret-issuer.ts';
import type { KeyRing } from './key-ring.ts';
import { keyedDigest } from './keyed-digest.ts';

const OTP_DIGITS = 6;

/** Secrets from the CSPRNG of `node:crypto`; digests are HMAC-SHA-256 under the master key's own key for them. */
export class HmacSecretIssuer implements SecretIssuer {
  readonly #keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  token(context: string, prefix = ''): IssuedSecret {
    return this.#issued(context, prefix + randomBytes(32).toString('base64url'));
  }

  otp(context: string): IssuedSecret {
    return this.#issued(
      context,
      randomInt(10 ** OTP_DIGITS)
        .toString()
        .padStart(OTP_DIGITS, '0'),
    );
  }

  digests(context: string, secret: string): readonly SecretDigest[] {
    return this.#keyRing.keys('secret-digest').map(({ key }) => keyedDigest(key, context, secret));
  }

  lastingToken(context: string, prefix = ''): IssuedSecret {
    const { secret, digest } = this.token(context, prefix);
    return { secret, digest: this.digestAnew(context, secret, digest) ?? digest };
  }

  lastingDigests(context: string, secret: string): readonly SecretDigest[] {
    return this.#keyRing.keys('secret-digest').flatMap(({ id, key }) => {
      const digest = keyedDigest(key, context, secret);
      return [digest, naming(id, digest)];
    });
  }

  digestAnew(context: string, secret: string, digest: SecretDigest): SecretDigest | undefined {
    if (!this.#keyRing.replacesPrevious) return undefined;
    const { id, key } = this.#keyRing.keys('secret-digest')[0];
    return digestedUnder(digest) === id ? undefined : naming(id, keyedDigest(key, context, secret));
  }

  get presentKey(): string {
    return this.#keyRing.keys('secret-digest')[0].id;
  }

  fingerprint(secret: string): string {
    return hash('sha256', secret, 'base64url');
  }

  matches(context: string, secret: string, digest: SecretDigest): boolean {
    const stored = Buffer.from(digest);
    const verdicts = this.digests(context, secret).map((candidate) => {
      const computed = Buffer.from(candidate);
      return computed.length === stored.length && timingSafeEqual(computed, stored);
    });
    return verdicts.includes(true);
  }

  nonce(): SessionNonce {
    return randomBytes(16).toString('base64url') as SessionNonce;
  }

  #issued(context: string, secret: string): IssuedSecret {
    return { secret, digest: keyedDigest(this.#keyRing.keys('secret-digest')[0].key, context, secret) };
  }
}

function naming(keyId: string, digest: SecretDigest): SecretDigest {
  return `${keyId}.${digest}` as SecretDigest;
}
