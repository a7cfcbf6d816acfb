import type { Clock } from '../../ports/clock.ts';
import type { SigningKeyDirectory } from '../../ports/directories/signing-key-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import { AesGcmSecretBox } from '../crypto/aes-gcm-secret-box.ts';
import { type Argon2Parameters, Argon2PasswordHasher } from '../crypto/argon2-password-hasher.ts';
import { Argon2RecoveryCodeIssuer } from '../crypto/argon2-recovery-code-issuer.ts';
import { BreachedPasswords } from '../crypto/breached-passwords.ts';
import { CanonicalDigest } from '../crypto/canonical-digest.ts';
import { CommonPasswords } from '../crypto/common-passwords.ts';
import { HashGate, type HashGateLimits } from '../crypto/hash-gate.ts';
import { HmacAttester } from '../crypto/hmac-attester.ts';
import { HmacRefreshTokenCodec } from '../crypto/hmac-refresh-token-codec.ts';
import { HmacSecretIssuer } from '../crypto/hmac-secret-issuer.ts';
import { JoseCheckpointSigner } from '../crypto/jose-checkpoint-signer.ts';
import { JoseSigningKeyFactory } from '../crypto/jose-signing-key-factory.ts';
import { JoseTokenSigner } from '../crypto/jose-token-signer.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { KnownPasswordLists } from '../crypto/known-password-lists.ts';
import { OtplibTotpAuthenticator } from '../crypto/otplib-totp-authenticator.ts';
import { SigningKeyRings } from '../crypto/signing-key-rings.ts';

/** Those of the domain's ports that are cryptography. */
export type CryptoPorts = Pick<
  Ports,
  | 'passwordHasher'
  | 'passwordLists'
  | 'recoveryCodeIssuer'
  | 'refreshTokenCodec'
  | 'secretIssuer'
  | 'secretBox'
  | 'signingKeyFactory'
  | 'tokenSigner'
  | 'checkpointSigner'
  | 'contentDigest'
  | 'attester'
  | 'totpAuthenticator'
>;

export interface CryptoPortsOptions {
  readonly keyRing: KeyRing;
  readonly hash: { readonly parameters: Argon2Parameters; readonly concurrency: number; readonly queue: number };
  /** One of its own unless given. All slow hashes pass it. */
  readonly gate?: HashGate;
  readonly signingKeyDirectory: SigningKeyDirectory;
  /** What tokens name as their issuer. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** How long a hash may wait for its turn: a person waits no longer for a sign-in. */
const HASH_DEADLINE_MS = 5_000;

/** Room for the heaviest that is commonly recommended, scrypt in 128 MiB, and for some of ours beside it. */
const LEAST_MEMORY_KIB = 192 * 1024;

/** The gate before the slow hashes of a process. `memoryKib`: what one of ours takes, all of which run side by side. */
export function hashGate({ concurrency, queue, memoryKib }: Omit<HashGateLimits, 'deadlineMs'>): HashGate {
  const together = Math.max(LEAST_MEMORY_KIB, concurrency * memoryKib);
  return new HashGate({ concurrency, queue, memoryKib: together, deadlineMs: HASH_DEADLINE_MS });
}

/** The same cryptography in every host. */
export function cryptoPorts(options: CryptoPortsOptions): CryptoPorts {
  const { keyRing, hash, signingKeyDirectory, publicUrl, clock } = options;
  const { gate = hashGate({ ...hash, memoryKib: hash.parameters.memoryCost }) } = options;
  const secretBox = new AesGcmSecretBox(keyRing);
  return {
    passwordHasher: new Argon2PasswordHasher(gate, hash.parameters),
    passwordLists: new KnownPasswordLists(new CommonPasswords(), new BreachedPasswords()),
    recoveryCodeIssuer: new Argon2RecoveryCodeIssuer(gate, keyRing),
    refreshTokenCodec: new HmacRefreshTokenCodec(keyRing),
    secretIssuer: new HmacSecretIssuer(keyRing),
    secretBox,
    signingKeyFactory: new JoseSigningKeyFactory(secretBox),
    tokenSigner: new JoseTokenSigner({ signingKeyDirectory, secretBox, publicUrl, clock }),
    checkpointSigner: new JoseCheckpointSigner(new SigningKeyRings(signingKeyDirectory, secretBox, clock)),
    contentDigest: new CanonicalDigest(),
    attester: new HmacAttester(keyRing),
    totpAuthenticator: new OtplibTotpAuthenticator(),
  };
}
