import { describe, expect, it } from 'vitest';
import { isLive } from '../../src/domain/project/api-key.ts';
import { ONE_TIME_TOKEN_LIFE_SECONDS, type OneTimeTokenPurpose } from '../../src/domain/session/one-time-token.ts';
import { aChallenge, anApiKey, anId, aOneTimeToken, someRecoveryCodes } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe('one-time token', () => {
  it.each<[OneTimeTokenPurpose, number]>([
    ['verify-email-otp', 10 * MINUTE],
    ['reset-password-otp', 15 * MINUTE],
    ['reset-password-link', HOUR],
    ['verify-email-link', 24 * HOUR],
    ['email-change', 24 * HOUR],
    ['disown', 7 * 24 * HOUR],
  ])('%s lives for %i seconds', (purpose, seconds) => {
    const token = aOneTimeToken(now, { projectId: anId(), userId: anId(), purpose });

    expect(ONE_TIME_TOKEN_LIFE_SECONDS[purpose]).toBe(seconds);
    expect(() => token.assertFresh(secondsAfter(now, seconds - 1))).not.toThrow();
    expect(() => token.assertFresh(secondsAfter(now, seconds))).toThrowError('token-expired');
  });

  it('tells nothing', () => {
    expect(aOneTimeToken(now, { projectId: anId(), userId: anId() }).releaseEvents()).toEqual([]);
  });
});

describe('sign-in challenge', () => {
  it('is usable for five minutes', () => {
    const challenge = aChallenge(now, { projectId: anId(), userId: anId(), epoch: 2 });

    expect(() => challenge.assertUsable(2, secondsAfter(now, 299))).not.toThrow();
    expect(() => challenge.assertUsable(2, secondsAfter(now, 300))).toThrowError('token-expired');
  });

  it('ends with the sessions of the person', () => {
    const challenge = aChallenge(now, { projectId: anId(), userId: anId(), epoch: 2 });

    expect(() => challenge.assertUsable(3, now)).toThrowError('token-invalid');
  });
});

describe('API key', () => {
  it('is live until it expires', () => {
    const key = anApiKey(now, { projectId: anId(), expiresAt: secondsAfter(now, 60) });

    expect(isLive(key.toState(), secondsAfter(now, 59))).toBe(true);
    expect(isLive(key.toState(), secondsAfter(now, 60))).toBe(false);
    expect(isLive({ expiresAt: null, revokedAt: null }, secondsAfter(now, 365 * 24 * HOUR))).toBe(true);
  });

  it('is revoked once, at the first time', () => {
    const key = anApiKey(now, { projectId: anId() });
    key.releaseEvents();
    key.revoke(now);
    key.revoke(secondsAfter(now, 60));

    expect(key.toState().revokedAt).toEqual(now);
    expect(isLive(key.toState(), now)).toBe(false);
    expect(key.releaseEvents().map(({ type }) => type)).toEqual(['api-key-revoked']);
  });
});

describe('recovery codes', () => {
  it('are worthless once they are void', () => {
    const codes = someRecoveryCodes(now, anId(), anId());
    expect(codes.toState().codes).toHaveLength(10);
    codes.void();

    expect(codes.toState()).toMatchObject({ codes: [], generatedAt: now });
  });
});
