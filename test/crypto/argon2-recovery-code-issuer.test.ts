import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { verify } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { Argon2RecoveryCodeIssuer } from '../../src/adapters/crypto/argon2-recovery-code-issuer.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { keyedDigest } from '../../src/adapters/crypto/keyed-digest.ts';
import type { StoredRecoveryCode } from '../../src/domain/recovery/recovery-codes.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anId } from '../support/builders.ts';

const keyRing = new KeyRing(randomBytes(32));
const gate = new HashGate({ concurrency: 2, memoryKib: 1024 * 1024, queue: 16, deadlineMs: 60_000 });
const issuer = new Argon2RecoveryCodeIssuer(gate, keyRing);

/** Of several rounds the one that nothing else on the machine disturbed. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 25; round += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('Argon2RecoveryCodeIssuer', () => {
  it('makes ten different codes AAAA-BBBB-CCCC', async () => {
    const { codes, stored } = await issuer.issue(anId<UserId>(), 10);
    for (const code of codes) expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    expect(new Set(codes).size).toBe(10);
    expect(stored).toHaveLength(10);
  });

  it('draws from all 36 letters and digits', async () => {
    const { codes } = await issuer.issue(anId<UserId>(), 100);
    // 1,200 draws: the chance that one of 36 is never among them is below 10⁻¹³.
    expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(36);
  });

  it('stores of each a tag that finds it and a salted argon2id hash that proves it, of the code without dashes', async () => {
    const userId = anId<UserId>();
    const { codes, stored } = await issuer.issue(userId, 3);
    for (const [index, code] of codes.entries()) {
      const canonical = code.replaceAll('-', '');
      const { tag, hash } = stored[index] ?? expect.fail();
      expect(tag).toBe(keyedDigest(keyRing.keys('recovery-code')[0].key, userId, canonical));
      expect(hash).toMatch(/^\$argon2id\$v=19\$/);
      expect(await verify(hash, canonical)).toBe(true);
      expect(JSON.stringify(stored)).not.toContain(canonical);
    }
  });

  it('binds the tag to the user: the same code of two people has two tags', () => {
    const { key } = keyRing.keys('recovery-code')[0];
    expect(keyedDigest(key, anId<UserId>(), 'AAAABBBBCCCC')).not.toBe(keyedDigest(key, anId<UserId>(), 'AAAABBBBCCCC'));
  });

  it('takes one place in the gate for all ten', async () => {
    const narrow = new HashGate({ concurrency: 1, memoryKib: 1024 * 1024, queue: 0, deadlineMs: 60_000 });
    await expect(new Argon2RecoveryCodeIssuer(narrow, keyRing).issue(anId<UserId>(), 10)).resolves.toBeDefined();
  });

  it('spends no more on ten codes than one password hash costs', async () => {
    const hasher = new Argon2PasswordHasher(gate);
    const password = await fastest(() => hasher.hash('correct horse'));
    expect(await fastest(() => issuer.issue(anId<UserId>(), 10))).toBeLessThan(password);
  });
});

describe('a recovery code that somebody presents', () => {
  const userId = anId<UserId>();
  const aCode = async (of = userId, by = issuer) => {
    const { codes, stored } = await by.issue(of, 3);
    return { code: codes[1] ?? expect.fail(), mine: stored[1] ?? expect.fail(), stored };
  };

  it('is known by the tag of the one that it is', async () => {
    const { codes, stored } = await issuer.issue(userId, 10);
    for (const [index, code] of codes.entries()) {
      expect(await issuer.verify(userId, code, stored)).toBe(stored[index]?.tag);
    }
  });

  it.each<[string, (code: string) => string]>([
    ['in lower case', (code) => code.toLowerCase()],
    ['in mixed case', (code) => code.slice(0, 6).toLowerCase() + code.slice(6)],
    ['without dashes', (code) => code.replaceAll('-', '')],
    ['with spaces in their place', (code) => code.replaceAll('-', ' ')],
    ['with spaces around', (code) => `  ${code.replaceAll('-', ' - ')}\t\r\n`],
    ['with the dashes of a word processor', (code) => code.replace('-', '\u2010').replace('-', '\u2013')],
    ['with spaces that do not break', (code) => code.replaceAll('-', '\u00a0')],
    ['with a dash between all letters', (code) => [...code].join('-')],
  ])('is known %s', async (_, typed) => {
    const { code, mine, stored } = await aCode();
    expect(await issuer.verify(userId, typed(code), stored)).toBe(mine.tag);
  });

  it.each<[string, (code: string) => string]>([
    ['with another last letter', (code) => code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A')],
    ['without its last letter', (code) => code.slice(0, -1)],
    ['with one letter more', (code) => `${code}A`],
    ['with another sign for a dash', (code) => code.replaceAll('-', '_')],
    ['as an empty text', () => ''],
    ['as dashes alone', () => '--'],
    ['as any text at all', () => `'";--%\u0000\ud800 ${'x'.repeat(1_000)}`],
  ])('is unknown %s', async (_, typed) => {
    const { code, stored } = await aCode();
    expect(await issuer.verify(userId, typed(code), stored)).toBeUndefined();
  });

  it('is unknown once it is spent, and the others are known still', async () => {
    const { code, mine, stored } = await aCode();
    const left = stored.filter(({ tag }) => tag !== mine.tag);
    expect(await issuer.verify(userId, code, left)).toBeUndefined();
    expect(await issuer.verify(userId, code, [])).toBeUndefined();
    expect(await issuer.verify(userId, code, [...left, mine])).toBe(mine.tag);
  });

  it('is unknown where somebody else has others, and of nobody, whatever is stored', async () => {
    const { code, stored } = await aCode();
    const { stored: others } = await aCode(anId<UserId>());
    expect(await issuer.verify(anId<UserId>(), code, others)).toBeUndefined();
    expect(await issuer.verify(undefined, code, stored)).toBeUndefined();
    expect(await issuer.verify(undefined, code, [])).toBeUndefined();
  });

  it('is proven by the hash: a tag alone opens nothing', async () => {
    const { code, mine, stored } = await aCode();
    const other = stored[0] ?? expect.fail();
    expect(await issuer.verify(userId, code, [{ tag: mine.tag, hash: other.hash }])).toBeUndefined();
  });

  it('is known while the master key is being exchanged, and when the one that it was made under is gone', async () => {
    const [previous, present] = [randomBytes(32), randomBytes(32)];
    const { code, mine, stored } = await aCode(userId, new Argon2RecoveryCodeIssuer(gate, new KeyRing(previous)));
    for (const ring of [new KeyRing(present, previous), new KeyRing(present)]) {
      const later = new Argon2RecoveryCodeIssuer(gate, ring);
      const made = await aCode(userId, later);
      expect(await later.verify(userId, code, [...stored, ...made.stored])).toBe(mine.tag);
      expect(await later.verify(userId, made.code, [...stored, ...made.stored])).toBe(made.mine.tag);
    }
  });

  it('takes its turn at the gate, whoever presents it, known or not', async () => {
    const narrow = new HashGate({ concurrency: 1, memoryKib: 1024 * 1024, queue: 0, deadlineMs: 60_000 });
    const gated = new Argon2RecoveryCodeIssuer(narrow, keyRing);
    const { code, mine, stored } = await aCode();
    const everybody: readonly [UserId | undefined, string, readonly StoredRecoveryCode[]][] = [
      [userId, code, stored],
      [userId, 'AAAA-BBBB-CCCC', stored],
      [userId, code, []],
      [undefined, code, []],
      [undefined, '', []],
    ];
    await narrow.run(1024, async () => {
      for (const [who, presented, of] of everybody) {
        await expect(gated.verify(who, presented, of)).rejects.toMatchObject({ code: 'overloaded' });
      }
    });
    for (const [index, [who, presented, of]] of everybody.entries()) {
      expect(await gated.verify(who, presented, of)).toBe(index === 0 ? mine.tag : undefined);
    }
  });

  it('costs the same right, wrong, and of nobody', async () => {
    const { code, stored } = await aCode();
    const [right, wrong, nobody] = [
      await fastest(() => issuer.verify(userId, code, stored)),
      await fastest(() => issuer.verify(userId, 'AAAA-BBBB-CCCC', stored)),
      await fastest(() => issuer.verify(undefined, 'AAAA-BBBB-CCCC', [])),
    ];
    for (const cost of [wrong, nobody]) {
      expect(cost / right).toBeGreaterThan(0.5);
      expect(cost / right).toBeLessThan(2);
    }
  });
});
