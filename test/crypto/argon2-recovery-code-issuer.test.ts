import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { verify } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { Argon2PasswordHasher } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { Argon2RecoveryCodeIssuer } from '../../src/adapters/crypto/argon2-recovery-code-issuer.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { keyedDigest } from '../../src/adapters/crypto/keyed-digest.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anId } from '../support/builders.ts';

const keyRing = new KeyRing(randomBytes(32));
const gate = new HashGate({ concurrency: 2, queue: 16, deadlineMs: 60_000 });
const issuer = new Argon2RecoveryCodeIssuer(gate, keyRing);

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
    const narrow = new HashGate({ concurrency: 1, queue: 0, deadlineMs: 60_000 });
    await expect(new Argon2RecoveryCodeIssuer(narrow, keyRing).issue(anId<UserId>(), 10)).resolves.toBeDefined();
  });

  it('spends no more on ten codes than one password hash costs', async () => {
    const hasher = new Argon2PasswordHasher(gate);
    const fastest = async (work: () => Promise<unknown>) => {
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 9; round += 1) {
        const start = performance.now();
        await work();
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    const password = await fastest(() => hasher.hash('correct horse'));
    expect(await fastest(() => issuer.issue(anId<UserId>(), 10))).toBeLessThan(password);
  });
});
