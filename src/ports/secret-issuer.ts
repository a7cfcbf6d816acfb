import type { SessionNonce } from '../domain/session/refresh-token.ts';
import type { SecretDigest } from '../domain/session/secret-digest.ts';

/** Shown to whoever it is for, once; only the digest is kept. */
export interface IssuedSecret {
  readonly secret: string;
  readonly digest: SecretDigest;
}

/**
 * Makes and recognises secrets. Randomness MUST come from a CSPRNG. A digest MUST be keyed and MUST depend on
 * `context`, so that a secret of one kind is worthless as another.
 */
export interface SecretIssuer {
  /** `prefix` + 256 random bits in base64url. */
  token(context: string, prefix?: string): IssuedSecret;
  /** Six decimal digits, uniformly. `context` MUST name the one code, since many people hold the same digits. */
  otp(context: string): IssuedSecret;
  /** Every digest that the secret may be stored under: one a live master key, the present key first. */
  digests(context: string, secret: string): readonly SecretDigest[];
  /** In constant time. */
  matches(context: string, secret: string, digest: SecretDigest): boolean;
  /** As `token`, for what outlives a master key. While that is being exchanged, the digest says which it was made with. */
  lastingToken(context: string, prefix?: string): IssuedSecret;
  /** As `digests`, of what `lastingToken` made. */
  lastingDigests(context: string, secret: string): readonly SecretDigest[];
  /**
   * The digest to keep in the place of this one: while the master key is being exchanged, one that says that it was made
   * with the present one (`digestedUnder`). `undefined` where it can stay.
   */
  digestAnew(context: string, secret: string, digest: SecretDigest): SecretDigest | undefined;
  /** What `digestedUnder` says of those. It tells nothing about the key. */
  readonly presentKey: string;
  /** Names a secret in this process's memory without being it. Fast, and MUST NOT be stored or shown. */
  fingerprint(secret: string): string;
  /** 128 random bits. */
  nonce(): SessionNonce;
}
