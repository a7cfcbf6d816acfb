import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacSecretIssuer } from '../../src/adapters/crypto/hmac-secret-issuer.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { keyedDigest } from '../../src/adapters/crypto/keyed-digest.ts';
import { digestedUnder, type SecretDigest } from '../../src/domain/session/secret-digest.ts';

const [old, young] = [randomBytes(32), randomBytes(32)];
const issuer = new HmacSecretIssuer(new KeyRing(young));

describe('HmacSecretIssuer', () => {
  it('makes tokens of 256 bits behind their prefix, and never the same one', () => {
    const made = Array.from({ length: 200 }, () => issuer.token('api-key', 'ck_').secret);
    for (const secret of made) expect(secret).toMatch(/^ck_[A-Za-z0-9_-]{43}$/);
    expect(new Set(made).size).toBe(made.length);
  });

  it('makes codes of six digits, leading zeros included, evenly spread', () => {
    const made = Array.from({ length: 20_000 }, (_, index) => issuer.otp(`code:${index}`).secret);
    expect(made.every((code) => /^\d{6}$/.test(code))).toBe(true);
    const firstDigits = Array.from({ length: 10 }, (_, digit) => made.filter((code) => code.startsWith(`${digit}`)));
    // 2,000 are expected of each; nine standard deviations either way is no chance.
    for (const group of firstDigits) expect(Math.abs(group.length - 2_000)).toBeLessThan(400);
  });

  it('knows its own secrets again', () => {
    const { secret, digest } = issuer.token('reset');
    expect(issuer.matches('reset', secret, digest)).toBe(true);
    expect(issuer.digests('reset', secret)).toEqual([digest]);
  });

  it('finds the secret of one context worthless in every other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (context, other, secret) => {
        const [digest] = issuer.digests(context, secret);
        expect(issuer.matches(other, secret, digest ?? expect.fail())).toBe(context === other);
      }),
    );
  });

  it('never takes the end of a context for the start of a secret', () => {
    expect(issuer.digests('ab', 'c')).not.toEqual(issuer.digests('a', 'bc'));
    expect(issuer.digests('', 'abc')).not.toEqual(issuer.digests('abc', ''));
  });

  it('refuses any other secret, and any text that is no digest', () => {
    const { secret, digest } = issuer.token('reset');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(issuer.matches('reset', text, digest)).toBe(text === secret);
        expect(issuer.matches('reset', secret, text as SecretDigest)).toBe(text === digest);
      }),
    );
  });

  it('knows a secret from before the master key was rotated, and not from before that', () => {
    const { secret, digest } = new HmacSecretIssuer(new KeyRing(old)).token('reset');
    const during = new HmacSecretIssuer(new KeyRing(young, old));
    expect(during.matches('reset', secret, digest)).toBe(true);
    expect(during.digests('reset', secret)).toEqual([...issuer.digests('reset', secret), digest]);
    expect(issuer.matches('reset', secret, digest)).toBe(false);
  });

  it('stores new secrets under the present key', () => {
    const { secret, digest } = new HmacSecretIssuer(new KeyRing(young, old)).token('reset');
    expect(issuer.matches('reset', secret, digest)).toBe(true);
  });

  it('says of a lasting secret which master key its digest was made with, while there are two', () => {
    const during = new HmacSecretIssuer(new KeyRing(young, old));
    const { secret, digest } = during.lastingToken('api-key', 'ck_');
    expect(secret).toMatch(/^ck_[A-Za-z0-9_-]{43}$/);
    expect(digestedUnder(digest)).toBe(during.presentKey);
    expect(during.presentKey).toBe(issuer.presentKey);
    expect(digestedUnder(issuer.lastingToken('api-key').digest)).toBe('');
    expect(digestedUnder(during.token('api-key').digest)).toBe('');
  });

  it('knows a lasting secret under every live key, said or not, and no other', () => {
    const before = new HmacSecretIssuer(new KeyRing(old));
    const during = new HmacSecretIssuer(new KeyRing(young, old));
    const elder = before.lastingToken('api-key');
    const younger = during.lastingToken('api-key');
    for (const { secret, digest } of [elder, younger])
      expect(during.lastingDigests('api-key', secret)).toContain(digest);
    expect(issuer.lastingDigests('api-key', younger.secret)).toContain(younger.digest);
    expect(issuer.lastingDigests('api-key', elder.secret)).not.toContain(elder.digest);
    expect(during.lastingDigests('reset', elder.secret)).not.toContain(elder.digest);
  });

  it('has another digest for a lasting secret only while there are two master keys, and only once', () => {
    const before = new HmacSecretIssuer(new KeyRing(old));
    const during = new HmacSecretIssuer(new KeyRing(young, old));
    const { secret, digest } = before.lastingToken('api-key');
    const anew = during.digestAnew('api-key', secret, digest) ?? expect.fail();
    expect(digestedUnder(anew)).toBe(during.presentKey);
    expect(issuer.lastingDigests('api-key', secret)).toContain(anew);
    expect(during.digestAnew('api-key', secret, anew)).toBeUndefined();
    for (const single of [before, issuer]) {
      for (const kept of [digest, anew]) expect(single.digestAnew('api-key', secret, kept)).toBeUndefined();
    }
    const { digest: unsaid } = issuer.lastingToken('api-key');
    expect(digestedUnder(during.digestAnew('api-key', secret, unsaid) ?? expect.fail())).toBe(during.presentKey);
  });

  it('makes nonces of 128 bits', () => {
    expect(Buffer.from(issuer.nonce(), 'base64url')).toHaveLength(16);
    expect(issuer.nonce()).not.toBe(issuer.nonce());
  });
});

describe('keyedDigest', () => {
  it('is HMAC-SHA-256 over length of context, context and secret', () => {
    const key = createSecretKey(Buffer.from('Jefe'));
    const framed = Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('ab'), Buffer.from('secret')]);
    expect(keyedDigest(key, 'ab', 'secret')).toBe(createHmac('sha256', 'Jefe').update(framed).digest('base64url'));
  });
});
