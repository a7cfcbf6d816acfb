import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CanonicalDigest } from '../../src/adapters/crypto/canonical-digest.ts';

const digest = new CanonicalDigest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('CanonicalDigest', () => {
  it('is SHA-256 over the canonical form of RFC 8785 §3.2.2', () => {
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(digest.of(value)).toBe(
      sha256(
        String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
      ),
    );
  });

  it('orders names by UTF-16 code units, as RFC 8785 §3.2.3 has it', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const text = `{${sorted.map((name) => `${JSON.stringify(name)}:0`).join()}}`;
    expect(digest.of(Object.fromEntries(names.map((name) => [name, 0])))).toBe(sha256(text));
  });

  it('is the same for equal values, and another for others', () => {
    expect(digest.of({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digest.of({ b: [{ d: 3, c: 2 }], a: 1 }));
    const others = [{}, [], '', null, { a: null }, { a: '1' }, { a: 1, b: null }, [1], ['1'], -1, '{}', { a: [1] }];
    expect(new Set(others.map((value) => digest.of(value))).size).toBe(others.length);
  });

  it('has none for what JSON cannot say', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const value of [undefined, () => {}, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', circular]) {
      expect(() => digest.of(value)).toThrow();
    }
  });
});
