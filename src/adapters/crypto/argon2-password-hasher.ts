import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { PasswordHash } from '../../domain/user/user.ts';
import type { PasswordHasher, PasswordVerdict, VerifyPassword } from '../../ports/password-hasher.ts';
import type { HashGate } from './hash-gate.ts';
import { anyStoredHash } from './stored-hashes/any-stored-hash.ts';
import type { StoredHash } from './stored-hashes/stored-hash.ts';

export interface Argon2Parameters {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** The OWASP minimum for argon2id (Password Storage Cheat Sheet; ASVS 5.0 appendix C). */
export const OWASP_ARGON2_PARAMETERS: Argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * argon2id (RFC 9106) on the libuv pool, behind the gate. The whole password counts, in UTF-8 as it came. What accounts
 * brought with them is checked in whatever form it came, behind the same gate.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #gate: HashGate;
  readonly #parameters: Argon2Parameters;
  readonly #nobody: PasswordHash;

  constructor(gate: HashGate, parameters: Argon2Parameters = OWASP_ARGON2_PARAMETERS) {
    this.#gate = gate;
    this.#parameters = parameters;
    this.#nobody = hashOfNobody(parameters) as PasswordHash;
  }

  async hash(password: string): Promise<PasswordHash> {
    const made = await this.#gate.run(this.#parameters.memoryCost, () => hash(password, this.#parameters));
    return made as PasswordHash;
  }

  verify(password: string, stored: PasswordHash | null): Promise<PasswordVerdict> {
    return this.#verify(password, stored, (...hash) => this.#gate.run(...hash));
  }

  withPlace<T>(work: (verify: VerifyPassword) => Promise<T>): Promise<T> {
    return this.#gate.withPlace((run) => work((password, stored) => this.#verify(password, stored, run)));
  }

  imported(stored: string): PasswordHash | undefined {
    return anyStoredHash(stored) && (stored as PasswordHash);
  }

  async #verify(password: string, stored: PasswordHash | null, run: HashGate['run']): Promise<PasswordVerdict> {
    const { memoryKib, matches: isOf } = storedHashOf(stored ?? this.#nobody);
    const equal = await run(memoryKib, () => isOf(password));
    const matches = stored !== null && equal;
    return { matches, outdated: matches && this.#isWeaker(stored) };
  }

  #isWeaker(stored: PasswordHash): boolean {
    if (!isArgon2(stored)) return true;
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    const today = this.#parameters;
    return (
      !stored.startsWith('$argon2id$v=19$') ||
      memoryCost < today.memoryCost ||
      timeCost < today.timeCost ||
      parallelism < today.parallelism
    );
  }
}

/** What argon2 is, is its library's to say: every sign-in comes here. */
function storedHashOf(stored: PasswordHash): StoredHash {
  const hash = isArgon2(stored) ? argon2HashOf(stored) : anyStoredHash(stored);
  if (hash === undefined) throw new Error('a stored password hash is none');
  return hash;
}

function argon2HashOf(stored: PasswordHash): StoredHash {
  return { memoryKib: parseOptions(stored).memoryCost, matches: (password) => verify(stored, password) };
}

function isArgon2(stored: PasswordHash): boolean {
  return stored.startsWith('$argon2');
}

/** A hash in PHC form that no known secret has: verifying against it costs what a real one costs. */
export function hashOfNobody({ memoryCost, timeCost, parallelism }: Argon2Parameters): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  const settings = `m=${memoryCost},t=${timeCost},p=${parallelism}`;
  return `$argon2id$v=19$${settings}$${random(16)}$${random(32)}`;
}
