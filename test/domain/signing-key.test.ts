import { describe, expect, it } from 'vitest';
import { isPublished, type SigningKey } from '../../src/domain/project/signing-key.ts';
import { anId, aSigningKey } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';

const now = new Date();

function aCurrentKey(): SigningKey {
  const key = aSigningKey(now, anId());
  key.activate(now);
  key.releaseEvents();
  return key;
}

const eventTypes = (key: SigningKey) => key.releaseEvents().map(({ type }) => type);

describe('signing key', () => {
  it('is published before it signs', () => {
    const key = aSigningKey(now, anId());

    expect(key.stage).toBe('next');
    expect(isPublished(key.toState(), now)).toBe(true);
    expect(eventTypes(key)).toEqual([]);
  });

  it('is published as long as a relying party may keep the key set before it may sign', () => {
    const key = aSigningKey(now, anId());

    expect(refusalOf(() => key.assertPublishedLongEnough(secondsAfter(now, 299.5)))).toMatchObject({
      code: 'rotation-too-soon',
      details: { retryAfterSeconds: 1 },
    });
    expect(() => key.assertPublishedLongEnough(secondsAfter(now, 300))).not.toThrow();
  });

  it('goes from next to current once', () => {
    const key = aSigningKey(now, anId());
    key.activate(now);

    expect(key.toState()).toMatchObject({ stage: 'current', activatedAt: now, expiresAt: null });
    expect(eventTypes(key)).toEqual(['signing-key-activated']);
    expect(() => key.activate(now)).toThrowError('conflict');
  });

  it('verifies for as long as a token that it signed may live, then no more', () => {
    const key = aCurrentKey();
    key.retireAfter(900, now);

    expect(key.toState()).toMatchObject({ stage: 'previous', expiresAt: secondsAfter(now, 900) });
    expect(isPublished(key.toState(), secondsAfter(now, 899))).toBe(true);
    expect(isPublished(key.toState(), secondsAfter(now, 900))).toBe(false);
    expect(eventTypes(key)).toEqual(['signing-key-superseded']);
  });

  it('is superseded only while it is current', () => {
    const next = aSigningKey(now, anId());
    expect(() => next.retireAfter(900, now)).toThrowError('conflict');

    const previous = aCurrentKey();
    previous.retireAfter(900, now);
    expect(() => previous.retireAfter(900, now)).toThrowError('conflict');
    expect(() => previous.activate(now)).toThrowError('conflict');
  });

  it.each([
    ['next', () => aSigningKey(now, anId())],
    ['current', aCurrentKey],
    [
      'previous',
      () => {
        const key = aCurrentKey();
        key.retireAfter(900, now);
        key.releaseEvents();
        return key;
      },
    ],
  ])('is void at once when it is removed from stage %s', (_stage, make) => {
    const key = make();
    key.remove(now);

    expect(key.stage).toBe('retired');
    expect(isPublished(key.toState(), now)).toBe(false);
    expect(eventTypes(key)).toEqual(['signing-key-removed']);
    expect(() => key.activate(now)).toThrowError('conflict');
  });
});
