import { describe, expect, it } from 'vitest';
import { LONGEST_ACCESS_TOKEN_SECONDS } from '../../src/domain/project/project-settings.ts';
import { JWKS_MAX_AGE_SECONDS, type SigningKey } from '../../src/domain/project/signing-key.ts';
import { isSuccessionDue, SigningKeyRing } from '../../src/domain/project/signing-key-ring.ts';
import { anId, aSigningKey } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';

const made = new Date();
const now = secondsAfter(made, JWKS_MAX_AGE_SECONDS);

function aKey(at = made): SigningKey {
  return aSigningKey(at, anId());
}

function aCurrentKey(): SigningKey {
  const key = aKey();
  key.activate(made);
  return key;
}

const kidOf = (key: SigningKey) => key.toState().kid;
const stagesOf = (...keys: readonly SigningKey[]) => keys.map(({ stage }) => stage);

describe('the signing keys of a project', () => {
  it('move on one place each, and the one that stops signing verifies for as long as a token may live', () => {
    const [current, next, fresh] = [aCurrentKey(), aKey(), aKey(now)];
    const { kind, key, changed } = new SigningKeyRing([current, next]).rotate(fresh, now);

    expect([kind, key, changed]).toEqual(['rotated', next, [current, next, fresh]]);
    expect(stagesOf(current, next, fresh)).toEqual(['previous', 'current', 'next']);
    expect(current.toState().expiresAt).toEqual(secondsAfter(now, LONGEST_ACCESS_TOKEN_SECONDS));
  });

  it('wait until the next one was published for as long as a JWKS may be kept, and stay as they are', () => {
    const [current, next] = [aCurrentKey(), aKey(secondsAfter(made, 1))];
    const tooSoon = refusalOf(() => new SigningKeyRing([current, next]).rotate(aKey(now), now));

    expect(tooSoon).toMatchObject({ code: 'rotation-too-soon', details: { retryAfterSeconds: 1 } });
    expect(stagesOf(current, next)).toEqual(['current', 'next']);
  });

  it('get the next one that they lack, and nothing else changes', () => {
    const [current, fresh] = [aCurrentKey(), aKey(now)];
    expect(new SigningKeyRing([current]).rotate(fresh, now)).toEqual({ kind: 'mended', key: fresh, changed: [fresh] });
    expect(stagesOf(current, fresh)).toEqual(['current', 'next']);
  });

  it('wait for nobody where none of them signs', () => {
    const [next, fresh] = [aKey(now), aKey(now)];
    expect(new SigningKeyRing([next]).rotate(fresh, now)).toMatchObject({ kind: 'rotated', changed: [next, fresh] });
    expect(stagesOf(next, fresh)).toEqual(['current', 'next']);
  });

  it('close up when the current one is removed: the next one signs, however young', () => {
    const [current, next, fresh] = [aCurrentKey(), aKey(now), aKey(now)];
    const removed = new SigningKeyRing([current, next]).remove(kidOf(current), fresh, now);

    expect(removed).toEqual({ stage: 'current', changed: [current, next, fresh] });
    expect(stagesOf(current, next, fresh)).toEqual(['retired', 'current', 'next']);
  });

  it('are never without one that signs: where there is no next one, a new one signs at once', () => {
    const [current, fresh] = [aCurrentKey(), aKey(now)];
    const removed = new SigningKeyRing([current]).remove(kidOf(current), fresh, now);

    expect(removed).toEqual({ stage: 'current', changed: [current, fresh] });
    expect(stagesOf(current, fresh)).toEqual(['retired', 'current']);
  });

  it('get another next one for one that is removed, and none for a previous one', () => {
    const [current, next, fresh] = [aCurrentKey(), aKey(), aKey(now)];
    expect(new SigningKeyRing([current, next]).remove(kidOf(next), fresh, now).changed).toEqual([next, fresh]);

    const previous = aCurrentKey();
    previous.retireAfter(900, now);
    expect(new SigningKeyRing([previous, current]).remove(kidOf(previous), aKey(now), now).changed).toEqual([previous]);
  });

  it('are removed by a name that they have', () => {
    const ring = new SigningKeyRing([aCurrentKey()]);
    expect(refusalOf(() => ring.remove('another', aKey(now), now))).toMatchObject({ code: 'not-found' });
  });
});

describe('a succession', () => {
  const state = (key: SigningKey) => key.toState();

  it('is due when the current key has signed since then, and not a moment before', () => {
    const ring = [aCurrentKey(), aKey()].map(state);
    expect(isSuccessionDue(ring, secondsAfter(made, -0.001))).toBe(false);
    expect(isSuccessionDue(ring, made)).toBe(true);
  });

  it('is due where nothing signs', () => {
    expect(isSuccessionDue([state(aKey())], secondsAfter(made, -1))).toBe(true);
  });
});
