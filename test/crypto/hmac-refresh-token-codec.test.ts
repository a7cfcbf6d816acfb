import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacRefreshTokenCodec } from '../../src/adapters/crypto/hmac-refresh-token-codec.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import type { Generation, SessionId, SessionNonce } from '../../src/domain/session/refresh-token.ts';

const [old, young] = [randomBytes(32), randomBytes(32)];
const codec = new HmacRefreshTokenCodec(new KeyRing(young));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const sessionIds = fc.uuid().map((id) => id as SessionId);
const generations = fc.nat({ max: 2 ** 32 - 1 }).map((n) => n as Generation);
const nonces = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((n) => Buffer.from(n).toString('base64url') as SessionNonce);

const sessionId = '01890a5d-ac96-774b-bcce-b302099a8057' as SessionId;
const generation = 3 as Generation;
const nonce = randomBytes(16).toString('base64url') as SessionNonce;
const token = codec.encode(sessionId, generation, nonce);

const accepts = (raw: string) => {
  const presented = codec.parse(raw);
  return presented !== undefined && codec.isAuthentic(presented, nonce);
};

describe('HmacRefreshTokenCodec', () => {
  it('reads back what it wrote, for every session, generation and nonce', () => {
    fc.assert(
      fc.property(sessionIds, generations, nonces, (id, generation, nonce) => {
        const raw = codec.encode(id, generation, nonce);
        const presented = codec.parse(raw);
        expect(presented).toMatchObject({ sessionId: id, generation });
        expect(presented && codec.isAuthentic(presented, nonce)).toBe(true);
        expect(codec.encode(id, generation, nonce)).toBe(raw);
      }),
    );
  });

  it('is `rt_` and base64url of id, big-endian generation and HMAC-SHA-256 over both and the nonce', () => {
    const head = Buffer.concat([Buffer.from(sessionId.replaceAll('-', ''), 'hex'), Buffer.from([0, 0, 0, 3])]);
    const mac = createHmac('sha256', new KeyRing(young).keys('refresh-token')[0].key)
      .update(Buffer.concat([head, Buffer.from(nonce, 'base64url')]))
      .digest();
    expect(token).toBe(`rt_${Buffer.concat([head, mac]).toString('base64url')}`);
  });

  it('refuses a token with any one character changed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom(...ALPHABET, '=', '+', '/', '.', ' '),
        (at, char) => {
          const changed = token.slice(0, at) + char + token.slice(at + 1);
          expect(accepts(changed)).toBe(changed === token);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('refuses every other spelling of the last character, which says the same to a lenient decoder', () => {
    const spellings = [...ALPHABET].map((char) => token.slice(0, -1) + char).filter(accepts);
    expect(spellings).toEqual([token]);
  });

  it('refuses a token that is cut, padded, lengthened or empty', () => {
    for (let length = 0; length < token.length; length += 1)
      expect(codec.parse(token.slice(0, length))).toBeUndefined();
    for (const tail of ['=', '==', 'A', ' ', '\n', '\0']) expect(codec.parse(token + tail)).toBeUndefined();
    expect(codec.parse(` ${token}`)).toBeUndefined();
    expect(codec.parse(token.slice(3))).toBeUndefined();
  });

  it('answers any text at all without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 70, maxLength: 70 })), (text) => {
        expect(accepts(text)).toBe(false);
        expect(accepts(`rt_${text}`)).toBe(false);
      }),
    );
  });

  it('refuses the MAC of another generation, session or nonce', () => {
    const presented = codec.parse(token) ?? expect.fail();
    expect(codec.isAuthentic({ ...presented, generation: 4 as Generation }, nonce)).toBe(false);
    expect(
      codec.isAuthentic({ ...presented, sessionId: '01890a5d-ac96-774b-bcce-b302099a8058' as SessionId }, nonce),
    ).toBe(false);
    expect(codec.isAuthentic(presented, randomBytes(16).toString('base64url') as SessionNonce)).toBe(false);
    expect(codec.isAuthentic({ ...presented, mac: '' }, nonce)).toBe(false);
  });

  it('takes tokens made under the previous master key, and makes new ones under the present key', () => {
    const during = new HmacRefreshTokenCodec(new KeyRing(young, old));
    const earlier = new HmacRefreshTokenCodec(new KeyRing(old)).encode(sessionId, generation, nonce);
    const presented = during.parse(earlier) ?? expect.fail();
    expect(during.isAuthentic(presented, nonce)).toBe(true);
    expect(codec.isAuthentic(presented, nonce)).toBe(false);
    expect(during.encode(sessionId, generation, nonce)).toBe(token);
  });
});
