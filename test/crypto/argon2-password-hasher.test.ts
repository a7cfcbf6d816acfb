import { performance } from 'node:perf_hooks';
import { hash as argon2, hashRaw } from '@node-rs/argon2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Argon2Parameters,
  Argon2PasswordHasher,
  OWASP_ARGON2_PARAMETERS,
} from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import type { PasswordHash } from '../../src/domain/user/user.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const CHEAP: Argon2Parameters = { memoryCost: 64, timeCost: 2, parallelism: 1 };
const roomy = () => new HashGate({ concurrency: 2, memoryKib: 1024 * 1024, queue: 1_000, deadlineMs: 60_000 });
const hasher = (parameters: Argon2Parameters = CHEAP) => new Argon2PasswordHasher(roomy(), parameters);

describe('Argon2PasswordHasher', () => {
  it('hashes with argon2id at the OWASP minimum unless told otherwise', async () => {
    const hash = await new Argon2PasswordHasher(roomy()).hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('makes what another argon2id makes of the same salt (RFC 9106)', async () => {
    const hash = await hasher().hash('correct horse');
    const [, , , , salt = '', digest] = hash.split('$');
    const raw = await hashRaw('correct horse', { ...CHEAP, salt: Buffer.from(salt, 'base64') });
    expect(raw.toString('base64').replaceAll('=', '')).toBe(digest);
  });

  it('salts: the same password is never hashed alike', async () => {
    expect(await hasher().hash('correct horse')).not.toBe(await hasher().hash('correct horse'));
  });

  it('knows a password by every character of it: none is cut off, folded or normalised away', async () => {
    const pairs: readonly [string, string][] = [
      ['correct horse', 'Correct horse'],
      ['correct horse', 'correct horse '],
      ['caf\u00e9-password', 'cafe\u0301-password'],
      ['nul\0tail-one', 'nul\0tail-two'],
      [`${'x'.repeat(127)}a`, `${'x'.repeat(127)}b`],
      ['🐎'.repeat(128), `${'🐎'.repeat(127)}🐴`],
    ];
    for (const [right, wrong] of pairs) {
      const hash = await hasher().hash(right);
      expect(await hasher().verify(right, hash)).toEqual({ matches: true, outdated: false });
      expect(await hasher().verify(wrong, hash)).toEqual({ matches: false, outdated: false });
    }
  });

  it('takes no password for another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (right, other) => {
        const hash = await hasher().hash(right);
        expect((await hasher().verify(other, hash)).matches).toBe(right === other);
      }),
      { numRuns: 30 },
    );
  });

  it('calls a hash outdated when any parameter was weaker than today’s, and only when the password is right', async () => {
    const today = hasher({ memoryCost: 128, timeCost: 2, parallelism: 2 });
    const made = (parameters: object) => argon2('right', parameters) as Promise<PasswordHash>;
    const weaker = [
      await made({ memoryCost: 64, timeCost: 2, parallelism: 2 }),
      await made({ memoryCost: 128, timeCost: 1, parallelism: 2 }),
      await made({ memoryCost: 128, timeCost: 2, parallelism: 1 }),
      // argon2i, and argon2id of version 16.
      await made({ memoryCost: 128, timeCost: 2, parallelism: 2, algorithm: 1 }),
      await made({ memoryCost: 128, timeCost: 2, parallelism: 2, version: 0 }),
    ];
    for (const hash of weaker) {
      expect(await today.verify('right', hash)).toEqual({ matches: true, outdated: true });
      expect(await today.verify('wrong', hash)).toEqual({ matches: false, outdated: false });
    }
    const stronger = await made({ memoryCost: 256, timeCost: 3, parallelism: 2 });
    expect(await today.verify('right', stronger)).toEqual({ matches: true, outdated: false });
  });

  it('matches nobody, at what a real hash costs', async () => {
    const real = new Argon2PasswordHasher(roomy(), OWASP_ARGON2_PARAMETERS);
    const stored = await real.hash('right');
    const cost = async (hash: PasswordHash | null) => {
      const start = performance.now();
      expect((await real.verify('wrong', hash)).matches).toBe(false);
      return performance.now() - start;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 9; round += 1) {
      known.push(await cost(stored));
      unknown.push(await cost(null));
    }
    // The fastest of each is the one that nothing else on the machine disturbed.
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5);
    expect(Math.min(...unknown) / Math.min(...known)).toBeLessThan(2);
  });

  it('sheds with `overloaded` what the gate has no place for, for hashing and verifying alike', async () => {
    const full = new Argon2PasswordHasher(
      new HashGate({ concurrency: 1, memoryKib: 1024 * 1024, queue: 2, deadlineMs: 60_000 }),
      CHEAP,
    );
    const stored = await full.hash('right');
    const { succeeded, refused } = await sixteenAtOnce<unknown>((index) =>
      index % 2 === 0 ? full.hash('right') : full.verify('right', stored),
    );
    expect(succeeded).toHaveLength(3);
    for (const error of refused) expect(error).toMatchObject({ code: 'overloaded' });
  });

  it('rejects a stored hash that is none, rather than answer', async () => {
    await expect(hasher().verify('right', 'not a hash' as PasswordHash)).rejects.toThrow();
  });
});
