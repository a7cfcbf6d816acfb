import { ContainerModule } from 'inversify';
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
import { KnownPasswordLists } from '../crypto/known-password-lists.ts';
import { TOKENS } from './tokens.ts';

/** How long a hash may wait for its turn: a person waits no longer for a sign-in. */
const HASH_DEADLINE_MS = 5_000;

export const cryptoModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.hashGate).toResolvedValue(
    ({ hash }) => new HashGate({ concurrency: hash.concurrency, queue: hash.queue, deadlineMs: HASH_DEADLINE_MS }),
    [TOKENS.config],
  );
  bind(TOKENS.passwordHasher).toResolvedValue(
    (gate, { hash }) =>
      new Argon2PasswordHasher(gate, { memoryCost: hash.memoryKib, timeCost: hash.iterations, parallelism: 1 }),
    [TOKENS.hashGate, TOKENS.config],
  );
  bind(TOKENS.recoveryCodeIssuer).toResolvedValue(
    (gate, keyRing) => new Argon2RecoveryCodeIssuer(gate, keyRing),
    [TOKENS.hashGate, TOKENS.keyRing],
  );
  bind(TOKENS.passwordLists).toResolvedValue(
    () => new KnownPasswordLists(new CommonPasswords(), new BreachedPasswords()),
    [],
  );
  bind(TOKENS.refreshTokenCodec).toResolvedValue((keyRing) => new HmacRefreshTokenCodec(keyRing), [TOKENS.keyRing]);
  bind(TOKENS.secretIssuer).toResolvedValue((keyRing) => new HmacSecretIssuer(keyRing), [TOKENS.keyRing]);
  bind(TOKENS.secretBox).toResolvedValue((keyRing) => new AesGcmSecretBox(keyRing), [TOKENS.keyRing]);
  bind(TOKENS.signingKeyFactory).toResolvedValue(
    (secretBox) => new JoseSigningKeyFactory(secretBox),
    [TOKENS.secretBox],
  );
  bind(TOKENS.cryptoPorts).toResolvedValue(
    (
      passwordHasher,
      passwordLists,
      recoveryCodeIssuer,
      refreshTokenCodec,
      secretIssuer,
      signingKeyFactory,
      tokenSigner,
    ) => ({
      passwordHasher,
      passwordLists,
      recoveryCodeIssuer,
      refreshTokenCodec,
      secretIssuer,
      signingKeyFactory,
      tokenSigner,
    }),
    [
      TOKENS.passwordHasher,
      TOKENS.passwordLists,
      TOKENS.recoveryCodeIssuer,
      TOKENS.refreshTokenCodec,
      TOKENS.secretIssuer,
      TOKENS.signingKeyFactory,
      TOKENS.tokenSigner,
    ],
  );
  bind(TOKENS.tokenSigner).toResolvedValue(
    ({ signingKeyDirectory }, secretBox, { publicUrl }, clock) =>
      new JoseTokenSigner({ signingKeyDirectory, secretBox, publicUrl, clock }),
    [TOKENS.persistence, TOKENS.secretBox, TOKENS.config, TOKENS.clock],
  );
});
