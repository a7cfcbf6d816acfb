import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HmacAttester } from '../../src/adapters/crypto/hmac-attester.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';

const [old, young] = [randomBytes(32), randomBytes(32)];
const attester = new HmacAttester(new KeyRing(young));
const TEXT = '["record","é"]';

describe('HmacAttester', () => {
  it('is HMAC-SHA-256 with a key for nothing else', () => {
    const [{ key }] = new KeyRing(young).keys('audit');
    expect(attester.attest(TEXT)).toBe(createHmac('sha256', key).update(TEXT).digest('base64url'));
    const [{ key: other }] = new KeyRing(young).keys('secret-digest');
    expect(other.equals(key)).toBe(false);
  });

  it('knows what it attested, and of what', () => {
    const attestation = attester.attest(TEXT);
    expect(attester.attests(TEXT, attestation)).toBe(true);
    for (const another of ['', 'x', `${TEXT} `, TEXT.normalize('NFD')]) {
      expect(attester.attests(another, attestation)).toBe(false);
    }
    for (const wrong of ['', 'x', attestation.slice(1), `${attestation}A`, `${attestation}=`, attester.attest('')]) {
      expect(attester.attests(TEXT, wrong)).toBe(false);
    }
  });

  it('knows what it attested before the master key was rotated, while it is told the old one', () => {
    const before = new HmacAttester(new KeyRing(old)).attest(TEXT);
    const during = new HmacAttester(new KeyRing(young, old));
    expect(during.attests(TEXT, before)).toBe(true);
    expect(during.attest(TEXT)).toBe(attester.attest(TEXT));
    expect(attester.attests(TEXT, before)).toBe(false);
  });
});
