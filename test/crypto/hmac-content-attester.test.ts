import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HmacContentAttester } from '../../src/adapters/crypto/hmac-content-attester.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';

const [old, young] = [randomBytes(32), randomBytes(32)];
const attester = new HmacContentAttester(new KeyRing(young));
const value = { b: [1, null, 'é'], a: { deep: true } };

describe('HmacContentAttester', () => {
  it('is HMAC-SHA-256 over the canonical form of RFC 8785, with a key for nothing else', () => {
    const [{ key }] = new KeyRing(young).keys('audit');
    const expected = createHmac('sha256', key).update('{"a":{"deep":true},"b":[1,null,"é"]}').digest('base64url');
    expect(attester.attest(value)).toBe(expected);
    const [{ key: other }] = new KeyRing(young).keys('secret-digest');
    expect(other.equals(key)).toBe(false);
  });

  it('knows what it attested, and of what', () => {
    const attestation = attester.attest(value);
    expect(attester.attests({ a: { deep: true }, b: [1, null, 'é'] }, attestation)).toBe(true);
    for (const another of [{ ...value, a: null }, [], null, '', 'x']) {
      expect(attester.attests(another, attestation)).toBe(false);
    }
    for (const wrong of ['', 'x', attestation.slice(1), `${attestation}AAAA`, attester.attest(null), '\ud800']) {
      expect(attester.attests(value, wrong)).toBe(false);
    }
  });

  it('knows what it attested before the master key was rotated, while it is told the old one', () => {
    const before = new HmacContentAttester(new KeyRing(old)).attest(value);
    const during = new HmacContentAttester(new KeyRing(young, old));
    expect(during.attests(value, before)).toBe(true);
    expect(during.attest(value)).toBe(attester.attest(value));
    expect(attester.attests(value, before)).toBe(false);
  });

  it('attests nothing that JSON cannot say', () => {
    for (const unsayable of [undefined, Number.NaN, '\ud800']) {
      expect(() => attester.attest(unsayable)).toThrow();
    }
  });
});
