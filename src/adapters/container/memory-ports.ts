import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Clock } from '../../ports/clock.ts';
import { AesGcmSecretBox } from '../crypto/aes-gcm-secret-box.ts';
import { Argon2PasswordHasher } from '../crypto/argon2-password-hasher.ts';
import { Argon2RecoveryCodeIssuer } from '../crypto/argon2-recovery-code-issuer.ts';
import { BreachedPasswords } from '../crypto/breached-passwords.ts';
import { CommonPasswords } from '../crypto/common-passwords.ts';
import { HashGate } from '../crypto/hash-gate.ts';
import { HmacRefreshTokenCodec } from '../crypto/hmac-refresh-token-codec.ts';
import { HmacSecretIssuer } from '../crypto/hmac-secret-issuer.ts';
import { JoseSigningKeyFactory } from '../crypto/jose-signing-key-factory.ts';
import { JoseTokenSigner } from '../crypto/jose-token-signer.ts';
import { KeyRing, MASTER_KEY_BYTES } from '../crypto/key-ring.ts';
import { KnownPasswordLists } from '../crypto/known-password-lists.ts';
import { memoryAdapters } from '../memory/index.ts';

export interface MemoryPortsOptions {
  readonly clock?: Clock;
  /** 32 bytes; random unless given. */
  readonly masterKey?: Uint8Array;
  /** What tokens name as their issuer. */
  readonly publicUrl?: string;
}

/** Every port, without a server of any kind: real cryptography over a store that lives as long as the process. */
export function memoryPorts(options: MemoryPortsOptions = {}) {
  const { masterKey = randomBytes(MASTER_KEY_BYTES), publicUrl = 'http://localhost' } = options;
  const adapters = memoryAdapters(options.clock === undefined ? {} : { clock: options.clock });
  const keyRing = new KeyRing(masterKey);
  const secretBox = new AesGcmSecretBox(keyRing);
  const gate = new HashGate({ concurrency: availableParallelism(), queue: 64, deadlineMs: 5_000 });
  const { signingKeyDirectory, clock } = adapters;
  return {
    ...adapters,
    passwordHasher: new Argon2PasswordHasher(gate),
    recoveryCodeIssuer: new Argon2RecoveryCodeIssuer(gate, keyRing),
    passwordLists: new KnownPasswordLists(new CommonPasswords(), new BreachedPasswords()),
    refreshTokenCodec: new HmacRefreshTokenCodec(keyRing),
    secretIssuer: new HmacSecretIssuer(keyRing),
    signingKeyFactory: new JoseSigningKeyFactory(secretBox),
    tokenSigner: new JoseTokenSigner({ signingKeyDirectory, secretBox, publicUrl, clock }),
  };
}
