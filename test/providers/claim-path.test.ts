import { describe, expect, it } from 'vitest';
import { claimAt } from '../../src/adapters/providers/claim-path.ts';

const answer = JSON.parse('{"id":7,"data":{"mail":["a","b"],"":1,"none":null},"__proto__":{"admin":true}}');

describe('a claim at a dotted path', () => {
  it.each([
    ['id', 7],
    ['data.mail.1', 'b'],
    ['data.', 1],
    ['data.none', null],
    // A member of the answer, whatever it is called.
    ['__proto__.admin', true],
  ])('at %s is found', (path, found) => {
    expect(claimAt(answer, path)).toBe(found);
  });

  it.each([
    '',
    'name',
    'data.mail.2',
    'data.none.more',
    'id.more',
    'constructor',
    'toString',
    'data.__proto__',
    'data.constructor',
  ])('at %s is none', (path) => {
    expect(claimAt(answer, path)).toBeUndefined();
  });

  it('is none where no path is given, or no object', () => {
    expect([claimAt(answer, undefined), claimAt('text', 'length'), claimAt(null, 'id')]).toEqual(
      Array(3).fill(undefined),
    );
  });
});
