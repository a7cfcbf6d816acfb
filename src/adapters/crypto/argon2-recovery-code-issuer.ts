import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import {
  RECOVERY_CODES_TOTAL,
  type RecoveryCodeHash,
  type StoredRecoveryCode,
} from '../../domain/recovery/recovery-codes.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RecoveryCodeIssuer } from '../../ports/recovery-code-issuer.ts';
import { type Argon2Parameters, hashOfNobody } from './argon2-password-hasher.ts';
import type { HashGate } from './hash-gate.ts';
import type { KeyRing } from './key-ring.ts';
import { keyedDigest } from './keyed-digest.ts';

/**
 * Below 112 bits a look-up secret is stored with salt and a password hash (NIST SP 800-63B-4 §3.1.2). What makes such a
 * hash slow is there for passwords, which people choose; these are 62 random bits, out of reach at any cost a try.
 * Measured on one core: ten of these take 2.4 ms, one password hash at the OWASP minimum 10 to 12 ms.
 */
export const RECOVERY_CODE_PARAMETERS: Argon2Parameters = { memoryCost: 1024, timeCost: 1, parallelism: 1 };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const GROUPS = 3;
const GROUP_LENGTH = 4;

const NOBODY = hashOfNobody(RECOVERY_CODE_PARAMETERS);
/** Whoever reads a code from paper or a phone types any dash, or none. */
const LEFT_OUT = /[\s\p{Dash}]/gu;

/** `AAAA-BBBB-CCCC` from a CSPRNG. Tag and hash are of the canonical code: upper case, without dashes. */
export class Argon2RecoveryCodeIssuer implements RecoveryCodeIssuer {
  readonly #gate: HashGate;
  readonly #keyRing: KeyRing;

  constructor(gate: HashGate, keyRing: KeyRing) {
    this.#gate = gate;
    this.#keyRing = keyRing;
  }

  async issue(userId: UserId, count: number) {
    const codes = Array.from({ length: count }, newCode);
    // One place in the gate for all of them: a registration does not queue once a code.
    const stored = await this.#gate.run(RECOVERY_CODE_PARAMETERS.memoryCost, async () => {
      const made: StoredRecoveryCode[] = [];
      for (const code of codes) made.push(await this.#store(userId, code.replaceAll('-', '')));
      return made;
    });
    return { codes, stored };
  }

  /** Each is tried: a code on paper outlives the master key that its tag was made with. */
  async verify(userId: UserId | undefined, presented: string, stored: readonly StoredRecoveryCode[]) {
    const canonical = presented.replace(LEFT_OUT, '').toUpperCase();
    const held = userId === undefined ? [] : stored;
    return this.#gate.run(RECOVERY_CODE_PARAMETERS.memoryCost, async () => {
      let found: SecretDigest | undefined;
      for (let index = 0; index < Math.max(held.length, RECOVERY_CODES_TOTAL); index += 1) {
        if (await verify(held[index]?.hash ?? NOBODY, canonical)) found ??= held[index]?.tag;
      }
      return found;
    });
  }

  async #store(userId: UserId, canonical: string): Promise<StoredRecoveryCode> {
    const { key } = this.#keyRing.keys('recovery-code')[0];
    return {
      tag: keyedDigest(key, userId, canonical),
      hash: (await hash(canonical, RECOVERY_CODE_PARAMETERS)) as RecoveryCodeHash,
    };
  }
}

function newCode(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
