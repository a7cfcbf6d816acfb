import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';

describe('KeyRing', () => {
  it('derives a key for each purpose: none is the master key, none is another', () => {
    const master = randomBytes(32);
    const ring = new KeyRing(master);
    const purposes = ['secret-digest', 'refresh-token', 'secret-box', 'recovery-code'] as const;
    const exported = purposes.map((purpose) => ring.keys(purpose)[0].key.export().toString('hex'));
    expect(new Set([...exported, master.toString('hex')]).size).toBe(purposes.length + 1);
    expect(exported.every((key) => key.length === 64)).toBe(true);
  });

  it('derives the same keys from the same master key, in every process', () => {
    const master = randomBytes(32);
    const [first, second] = [new KeyRing(master), new KeyRing(master)].map((ring) => ring.keys('secret-box')[0]);
    expect(first?.id).toBe(second?.id);
    expect(first?.key.equals(second?.key ?? expect.fail())).toBe(true);
  });

  it('derives by HKDF-SHA-256 as RFC 5869 §2 writes it', () => {
    const master = Buffer.alloc(32, 7);
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(master).digest();
    const expanded = createHmac('sha256', extracted).update('castellan/v1/key/secret-box\x01').digest();
    expect(new KeyRing(master).keys('secret-box')[0].key.export()).toEqual(expanded);
  });

  it('has the present key first and the previous one behind it', () => {
    const [old, young] = [randomBytes(32), randomBytes(32)];
    const during = new KeyRing(young, old).keys('refresh-token');
    expect(during.map(({ id }) => id)).toEqual([
      new KeyRing(young).keys('refresh-token')[0].id,
      new KeyRing(old).keys('refresh-token')[0].id,
    ]);
  });

  it('knows the one that others may have already, last, and has nothing to replace for it', () => {
    const [old, present, young] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const ids = (ring: KeyRing) => ring.keys('secret-box').map(({ id }) => id);
    const alone = (master: Uint8Array) => ids(new KeyRing(master))[0];
    expect(ids(new KeyRing(present, undefined, young))).toEqual([present, young].map(alone));
    expect(ids(new KeyRing(present, old, young))).toEqual([present, old, young].map(alone));
    expect(new KeyRing(present, undefined, young).replacesPrevious).toBe(false);
    expect(new KeyRing(present, old).replacesPrevious).toBe(true);
  });

  it.each([0, 16, 31, 33])('refuses a master key of %i bytes, present, previous or next', (bytes) => {
    expect(() => new KeyRing(randomBytes(bytes))).toThrow(RangeError);
    expect(() => new KeyRing(randomBytes(32), randomBytes(bytes))).toThrow(RangeError);
    expect(() => new KeyRing(randomBytes(32), undefined, randomBytes(bytes))).toThrow(RangeError);
  });
});
