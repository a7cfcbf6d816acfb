import { pbkdf2Sync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import type { PasswordHash } from '../../src/domain/user/user.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { VECTORS } from '../support/stored-hashes.ts';

const hasher = aQuickHasher();
const FOLDER = join(import.meta.dirname, '../../src/adapters/crypto/stored-hashes');

/** A digest of 32 bytes, and a salt of 16, as any form takes them. */
const DIGEST = Buffer.alloc(32, 1).toString('base64').replaceAll('=', '');
const SALT = Buffer.alloc(16, 2).toString('base64').replaceAll('=', '');

describe('a hash that came from elsewhere', () => {
  it.each(VECTORS)('is checked as it was made: $form ($source)', async ({ password, hash }) => {
    const stored = hasher.imported(hash);
    expect(stored).toBe(hash);
    // Only what is argon2id with parameters of today stays as it is.
    expect(await hasher.verify(password, hash as PasswordHash)).toEqual({ matches: true, outdated: true });
    expect(await hasher.verify(`${password} `, hash as PasswordHash)).toEqual({ matches: false, outdated: false });
    expect(await hasher.verify('', hash as PasswordHash)).toEqual({ matches: false, outdated: false });
  });

  it('is taken as it is where it is ours already', async () => {
    const own = await hasher.hash('right');
    expect(hasher.imported(own)).toBe(own);
    expect(await hasher.verify('right', own)).toEqual({ matches: true, outdated: false });
  });

  it.each([
    ['nothing', ''],
    ['no hash', 'hunter2'],
    ['a form that nobody knows', `$1$${SALT}$${DIGEST}`],
    ['argon2id without a digest', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}`],
    ['argon2id of a version that is none', `$argon2id$v=17$m=19456,t=2,p=1$${SALT}$${DIGEST}`],
    ['argon2id with less memory than lanes need', `$argon2id$v=19$m=8,t=1,p=2$${SALT}$${DIGEST}`],
    ['argon2id without a pass', `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${DIGEST}`],
    ['argon2id with a digest that is no base64', `$argon2id$v=19$m=64,t=1,p=1$${SALT}$${'!'.repeat(43)}`],
    ['argon2id with a key of somebody’s', `$argon2id$v=19$m=64,t=1,p=1,keyid=a$${SALT}$${DIGEST}`],
    ['bcrypt cut short', '$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe'],
    ['bcrypt of a version that is none', '$2c$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['bcrypt without any cost', '$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['scrypt with N of 1', `$scrypt$ln=0,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt with N beyond what its blocks hold (RFC 7914 §2)', `$scrypt$ln=16,r=1,p=1$${SALT}$${DIGEST}`],
    ['scrypt with half a parameter', `$scrypt$ln=14,r=8$${SALT}$${DIGEST}`],
    ['scrypt with a digest of nothing', `$scrypt$ln=4,r=1,p=1$${SALT}$`],
    ['scrypt with a digest that everybody guesses', `$scrypt$ln=4,r=1,p=1$${SALT}$AAAA`],
    ['scrypt with base64 that no encoder writes', `$scrypt$ln=4,r=1,p=1$${SALT}$${DIGEST.slice(0, -1)}B`],
    ['PBKDF2 without iterations', `$pbkdf2-sha256$0$${SALT}$${DIGEST}`],
    ['PBKDF2 with a function that nobody knows', `$pbkdf2-md5$1000$${SALT}$${DIGEST}`],
    ['Firebase’s without its signer key', `$firebase-scrypt$ln=14,r=8,p=1,sep=Bw,key=$${SALT}$${DIGEST}`],
    [
      'Firebase’s with a key that is no match for it',
      `$firebase-scrypt$ln=14,r=8,p=1,sep=Bw,key=AAAA$${SALT}$${DIGEST}`,
    ],
    [
      'Firebase’s with N beyond what its blocks hold',
      `$firebase-scrypt$ln=17,r=1,p=1,sep=Bw,key=${DIGEST}$${SALT}$${DIGEST}`,
    ],
    ['something after it', `$scrypt$ln=4,r=1,p=1$${SALT}$${DIGEST}$x`],
    ['something after it in a line of its own', `$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n`],
  ])('is refused where it is %s', (_, stored) => {
    expect(hasher.imported(stored)).toBeUndefined();
  });

  it.each([
    ['argon2id in a gigabyte', `$argon2id$v=19$m=1048576,t=1,p=1$${SALT}$${DIGEST}`],
    ['argon2id for a minute', `$argon2id$v=19$m=65536,t=100,p=1$${SALT}$${DIGEST}`],
    ['argon2id on every core there is', `$argon2id$v=19$m=65536,t=1,p=64$${SALT}$${DIGEST}`],
    ['bcrypt for a minute', '$2b$20$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['scrypt in a gigabyte', `$scrypt$ln=20,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt with blocks of a megabyte', `$scrypt$ln=12,r=999,p=1$${SALT}$${DIGEST}`],
    ['scrypt for a minute', `$scrypt$ln=14,r=8,p=100$${SALT}$${DIGEST}`],
    ['PBKDF2 for a minute', `$pbkdf2-sha256$9999999$${SALT}$${DIGEST}`],
    ['PBKDF2 of more blocks than it may take', `$pbkdf2-sha1$900000$${SALT}$${Buffer.alloc(64, 1).toString('base64')}`],
    ['Firebase’s in a gigabyte', `$firebase-scrypt$ln=20,r=8,p=1,sep=Bw,key=${DIGEST}$${SALT}$${DIGEST}`],
  ])('is refused where it would take too much: %s', (_, stored) => {
    expect(hasher.imported(stored)).toBeUndefined();
  });

  it.each([
    ['OWASP’s scrypt', `$scrypt$ln=17,r=8,p=1$${SALT}$${DIGEST}`],
    ['OWASP’s PBKDF2', `$pbkdf2-sha256$600000$${SALT}$${DIGEST}`],
    ['Django’s PBKDF2', `$pbkdf2-sha256$1200000$${SALT}$${DIGEST}`],
    ['Django’s argon2id', `$argon2id$v=19$m=102400,t=2,p=8$${SALT}$${DIGEST}`],
    ['RFC 9106’s second choice', `$argon2id$v=19$m=65536,t=3,p=4$${SALT}$${DIGEST}`],
    ['libsodium’s moderate choice', `$argon2id$v=19$m=262144,t=3,p=1$${SALT}$${DIGEST}`],
    ['a strong bcrypt', '$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ])('is taken where others recommend it: %s', (_, stored) => {
    expect(hasher.imported(stored)).toBe(stored);
  });

  it('can be checked, whatever text was taken for one', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom(...VECTORS), fc.nat(), fc.string({ maxLength: 2 })).map(([{ hash }, at, by]) => {
        const place = at % hash.length;
        return hash.slice(0, place) + by + hash.slice(place + by.length);
      }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (stored) => {
        const taken = hasher.imported(stored);
        if (taken === undefined) return;
        expect(await hasher.verify('hunter2', taken)).toEqual({ matches: false, outdated: false });
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is taken can be checked', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '');
  const matches = async (password: string, stored: string) => {
    expect(hasher.imported(stored), stored).toBe(stored);
    return (await hasher.verify(password, stored as PasswordHash)).matches;
  };
  const [SHORT, LONG] = [Buffer.alloc(8, 3), Buffer.alloc(128, 4)];

  it.each([
    ['argon2d', 0],
    ['argon2i', 1],
    ['argon2id', 2],
  ])('whatever the lanes, passes, version and lengths of an %s hash', async (_, algorithm) => {
    const costs = [
      { memoryCost: 8, timeCost: 1, parallelism: 1, outputLen: 16, salt: SHORT },
      { memoryCost: 8, timeCost: 999, parallelism: 1, outputLen: 17, salt: LONG },
      { memoryCost: 128, timeCost: 1, parallelism: 16, outputLen: 64, salt: SHORT },
      { memoryCost: 135, timeCost: 2, parallelism: 16, outputLen: 64, salt: LONG },
    ];
    for (const parameters of costs.flatMap((cost) => [0, 1].map((version) => ({ ...cost, algorithm, version })))) {
      const stored = await argon2('right', parameters);
      expect(await matches('right', stored), stored).toBe(true);
    }
  });

  it('whatever N, r and p of an scrypt hash', async () => {
    const lns = Array.from({ length: 17 }, (_, index) => index + 1);
    const all = lns.flatMap((ln) => [1, 2, 8, 999].flatMap((r) => [1, 2, 999].map((p) => ({ ln, r, p }))));
    const stored = all
      .filter(({ ln, r, p }) => 2 ** ln * r * p <= 2 ** 17)
      .map(({ ln, r, p }) => `$scrypt$ln=${ln},r=${r},p=${p}$${SALT}$${DIGEST}`)
      .filter((hash) => hasher.imported(hash) !== undefined);
    expect(stored.length).toBeGreaterThan(100);
    for (const hash of stored) expect(await matches('hunter2', hash), hash).toBe(false);
  });

  it.each(['sha1', 'sha256', 'sha512'])('whatever the lengths of a PBKDF2 hash with %s', async (name) => {
    for (const salt of [Buffer.alloc(0), SHORT, LONG]) {
      for (const length of [16, 19, 20, 21, 32, 33, 64]) {
        const digest = pbkdf2Sync('right', salt, 1, length, name);
        expect(await matches('right', `$pbkdf2-${name}$1$${base64(salt)}$${base64(digest)}`)).toBe(true);
      }
    }
  });

  it('whatever characters of its alphabet a bcrypt hash is of', async () => {
    for (const version of ['2a', '2b', '2x', '2y']) {
      for (const rest of ['.', '/', '9', 'z'].map((character) => character.repeat(53))) {
        expect(await matches('hunter2', `$${version}$04$${rest}`)).toBe(false);
      }
    }
  });

  it('whatever the lengths of Firebase’s key, separator and salt', async () => {
    for (const length of [16, 64]) {
      const [key, digest] = [base64(Buffer.alloc(length, 5)), base64(Buffer.alloc(length, 6))];
      for (const [sep, salt] of [
        ['', ''],
        ['Bw', base64(LONG)],
      ]) {
        const stored = `$firebase-scrypt$ln=1,r=1,p=1,sep=${sep},key=${key}$${salt}$${digest}`;
        expect(await matches('hunter2', stored)).toBe(false);
      }
    }
  });
});

describe('bcrypt, which sees no more than 72 bytes', () => {
  it('matches no password that it would not see the whole of', async () => {
    const sees = 'x'.repeat(72);
    const stored = (await bcrypt(sees, 4)) as PasswordHash;
    expect((await hasher.verify(sees, stored)).matches).toBe(true);
    expect((await hasher.verify(`${sees}y`, stored)).matches).toBe(false);
    expect((await hasher.verify('é'.repeat(36), (await bcrypt('é'.repeat(36), 4)) as PasswordHash)).matches).toBe(true);
    expect((await hasher.verify('é'.repeat(37), (await bcrypt('é'.repeat(37), 4)) as PasswordHash)).matches).toBe(
      false,
    );
  });

  it('takes no password for another that goes on after a NUL', async () => {
    const stored = (await bcrypt('abc', 4)) as PasswordHash;
    expect((await hasher.verify('abc', stored)).matches).toBe(true);
    expect((await hasher.verify('abc\0abc', stored)).matches).toBe(false);
  });
});

describe('every form', () => {
  it('waits at the gate like our own hashes, and is shed with `overloaded`', async () => {
    for (const { password, hash } of VECTORS) {
      const full = new Argon2PasswordHasher(
        new HashGate({ concurrency: 1, memoryKib: 1024 * 1024, queue: 2, deadlineMs: 60_000 }),
      );
      const { succeeded, refused } = await sixteenAtOnce(() => full.verify(password, hash as PasswordHash));
      expect(succeeded).toHaveLength(3);
      for (const error of refused) expect(error).toMatchObject({ code: 'overloaded' });
    }
  });

  it('weighs there what it takes', async () => {
    const runningOf = async (memoryKib: number, stored: string) => {
      const gate = new HashGate({ concurrency: 2, memoryKib, queue: 2, deadlineMs: 60_000 });
      const narrow = new Argon2PasswordHasher(gate);
      const both = [1, 2].map(() => narrow.verify('hunter2', stored as PasswordHash));
      const { running } = gate.load();
      await Promise.all(both);
      return running;
    };
    const weights: readonly (readonly [number, string])[] = [
      [64, `$argon2id$v=19$m=64,t=1,p=1$${SALT}$${DIGEST}`],
      [128, `$argon2i$v=19$m=128,t=1,p=16$${SALT}$${DIGEST}`],
      // 128·r·(N + p + 2) bytes.
      [1027, `$scrypt$ln=10,r=8,p=1$${SALT}$${DIGEST}`],
      [1028, `$scrypt$ln=10,r=8,p=2$${SALT}$${DIGEST}`],
      [1027, `$firebase-scrypt$ln=10,r=8,p=1,sep=Bw,key=${DIGEST}$${SALT}$${DIGEST}`],
    ];
    for (const [memoryKib, stored] of weights) {
      expect(await runningOf(2 * memoryKib, stored), stored).toBe(2);
      expect(await runningOf(2 * memoryKib - 1, stored), stored).toBe(1);
    }
    for (const light of [
      '$2b$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
      `$pbkdf2$1$${SALT}$${DIGEST}`,
    ]) {
      expect(await runningOf(16, light), light).toBe(2);
    }
  });

  it('leaves the event loop alone: nothing is hashed on it', () => {
    const sources = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => /(?:scrypt|pbkdf2|verify|hash)Sync/.test(source))).toEqual([]);
  });
});
