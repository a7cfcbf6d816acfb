import { createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AesGcmSecretBox } from '../../src/adapters/crypto/aes-gcm-secret-box.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';

const [old, young] = [randomBytes(32), randomBytes(32)];
const box = new AesGcmSecretBox(new KeyRing(young));
const binding = 'totp:project:user';

describe('AesGcmSecretBox', () => {
  it('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (plain, binding) => {
        expect(box.open(box.seal(plain, binding), binding)).toBe(plain);
      }),
    );
  });

  it('writes v1.kid.iv.tag.ct: AES-256-GCM with 96 bits of iv, 128 of tag and the binding as additional data', () => {
    const [version, kid, ...parts] = box.seal('plain', binding).split('.');
    const [iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url'));
    const { id, key } = new KeyRing(young).keys('secret-box')[0];
    expect([version, kid, parts.length, iv?.length, tag?.length]).toEqual(['v1', id, 3, 12, 16]);
    const decipher = createDecipheriv('aes-256-gcm', key, iv ?? expect.fail());
    decipher.setAAD(Buffer.from(binding)).setAuthTag(tag ?? expect.fail());
    expect(decipher.update(ciphertext ?? expect.fail(), undefined, 'utf8') + decipher.final('utf8')).toBe('plain');
  });

  it('never seals the same thing twice alike', () => {
    expect(box.seal('plain', binding)).not.toBe(box.seal('plain', binding));
  });

  it('opens for no other binding', () => {
    const sealed = box.seal('plain', binding);
    for (const other of ['', 'totp:project:other', `${binding} `]) expect(() => box.open(sealed, other)).toThrow();
  });

  it('does not open when any character was changed, cut or added', () => {
    const sealed = box.seal('a secret', binding);
    const chars = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.'];
    fc.assert(
      fc.property(fc.nat({ max: sealed.length }), fc.constantFrom('', ...chars), fc.boolean(), (at, char, insert) => {
        const changed = sealed.slice(0, at) + char + sealed.slice(insert ? at : at + 1);
        fc.pre(changed !== sealed);
        expect(() => box.open(changed as SealedSecret, binding)).toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not take a shortened tag for a whole one', () => {
    const [version, kid, iv, tag = '', ciphertext] = box.seal('plain', binding).split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => box.open([version, kid, iv, short, ciphertext].join('.') as SealedSecret, binding)).toThrow();
  });

  it('opens under the previous master key, seals under the present one, and not under one that is gone', () => {
    const during = new AesGcmSecretBox(new KeyRing(young, old));
    const earlier = new AesGcmSecretBox(new KeyRing(old)).seal('plain', binding);
    expect(during.open(earlier, binding)).toBe('plain');
    expect(box.open(during.seal('plain', binding), binding)).toBe('plain');
    expect(() => box.open(earlier, binding)).toThrow('gone');
  });
});
