import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttemptLimit,
  type AttemptWindow,
  forgiveAttempts,
  giveBackAttempt,
  isForgottenAttempt,
  reserveAttempt,
} from '../../src/domain/user/attempt-window.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const DAY = 24 * 60 * 60;
const rule: AttemptLimit = { limit: 3, windowSeconds: 900, progressive: true };

/** The window after so many attempts at one moment. */
function reserved(times: number, at: Date, from?: AttemptWindow): AttemptWindow | undefined {
  let window = from;
  for (let attempt = 0; attempt < times; attempt += 1) window = reserveAttempt(window, rule, at) ?? window;
  return window;
}

const anyRule = fc.record({
  limit: fc.integer({ min: 1, max: 10 }),
  windowSeconds: fc.integer({ min: 1, max: 3600 }),
  progressive: fc.boolean(),
});
const anyLadder = fc.record({
  limit: fc.integer({ min: 1, max: 6 }),
  windowSeconds: fc.integer({ min: 1, max: 3600 }),
  progressive: fc.boolean(),
  lockSeconds: fc.integer({ min: 1, max: 7200 }),
  closesAfter: fc.integer({ min: 1, max: 20 }),
});
const anyPauses = fc.array(fc.integer({ min: 0, max: 7200 }), { maxLength: 100 });

describe('attempt window', () => {
  it('grants no more than the limit between a start and its end, whatever the rhythm', () => {
    fc.assert(
      fc.property(anyRule, anyPauses, (anyLimit, pauses) => {
        let window: AttemptWindow | undefined;
        let seconds = 0;
        const grantedUntil = new Map<number, number>();
        for (const pause of pauses) {
          seconds += pause;
          const next = reserveAttempt(window, anyLimit, secondsAfter(now, seconds));
          if (next === undefined) continue;
          const end = next.endsAt.getTime();
          grantedUntil.set(end, (grantedUntil.get(end) ?? 0) + 1);
          window = next;
        }
        for (const count of grantedUntil.values()) expect(count).toBeLessThanOrEqual(anyLimit.limit);
      }),
    );
  });

  it('counts each granted attempt as a failure until a success, and never one that was refused', () => {
    fc.assert(
      fc.property(anyRule, anyPauses, (anyLimit, pauses) => {
        let window: AttemptWindow | undefined;
        let [seconds, granted] = [0, 0];
        for (const pause of pauses) {
          seconds += pause;
          const next = reserveAttempt(window, anyLimit, secondsAfter(now, seconds));
          if (next === undefined) continue;
          granted += 1;
          window = next;
          expect(window.failures).toBe(granted);
        }
      }),
    );
  });

  it('refuses only within a window that is used up', () => {
    fc.assert(
      fc.property(anyRule, anyPauses, (anyLimit, pauses) => {
        let window: AttemptWindow | undefined;
        let seconds = 0;
        for (const pause of pauses) {
          seconds += pause;
          const at = secondsAfter(now, seconds);
          const next = reserveAttempt(window, anyLimit, at);
          const usedUp = window !== undefined && window.endsAt > at && window.used >= anyLimit.limit;
          expect(next === undefined).toBe(usedUp);
          window = next ?? window;
        }
      }),
    );
  });

  it('is never longer than a day, and never shorter than the rule says', () => {
    fc.assert(
      fc.property(anyRule, fc.integer({ min: 1, max: 30 }), (anyLimit, windows) => {
        let window: AttemptWindow | undefined;
        let at = now;
        for (let opened = 0; opened < windows; opened += 1) {
          for (let attempt = 0; attempt < anyLimit.limit; attempt += 1) {
            window = reserveAttempt(window, anyLimit, at) ?? window;
          }
          const length = window?.lengthSeconds ?? 0;
          expect(length).toBeGreaterThanOrEqual(anyLimit.windowSeconds);
          expect(length).toBeLessThanOrEqual(DAY);
          if (!anyLimit.progressive) expect(length).toBe(anyLimit.windowSeconds);
          at = window?.endsAt ?? at;
        }
      }),
    );
  });

  it('doubles after each that was used up, and keeps its length after one that was not', () => {
    const first = reserved(3, now);
    const second = reserved(3, secondsAfter(now, 900), first);
    expect(second?.endsAt).toEqual(secondsAfter(now, 2700));

    const third = reserved(1, secondsAfter(now, 2700), second);
    expect(third?.lengthSeconds).toBe(3600);
    const fourth = reserved(1, secondsAfter(now, 6300), third);
    expect(fourth?.lengthSeconds).toBe(3600);
  });

  it('stays when it is forgiven, and the next one starts anew', () => {
    const second = reserved(3, secondsAfter(now, 900), reserved(3, now));
    if (!second) throw new Error('unreachable');
    const forgiven = forgiveAttempts(second);

    expect(forgiven).toMatchObject({ endsAt: second.endsAt, used: 3, failures: 0 });
    expect(reserveAttempt(forgiven, rule, secondsAfter(now, 2699))).toBeUndefined();
    expect(reserveAttempt(forgiven, rule, secondsAfter(now, 2700))).toEqual({
      endsAt: secondsAfter(now, 3600),
      lengthSeconds: 900,
      used: 1,
      failures: 1,
    });
  });

  it('has room for one more when an attempt is given back, and never for more than there were', () => {
    const full = reserved(3, now);
    if (!full) throw new Error('unreachable');
    expect(reserveAttempt(full, rule, now)).toBeUndefined();

    expect(giveBackAttempt(full)).toEqual({ ...full, used: 2, failures: 2 });
    expect(reserveAttempt(giveBackAttempt(full), rule, now)).toEqual(full);
    expect(giveBackAttempt({ ...full, used: 0, failures: 0 })).toEqual({ ...full, used: 0, failures: 0 });
  });

  it('is forgotten thirty days after its end and after the latest success', () => {
    const window = reserved(1, now);
    const end = 900 + 30 * DAY;

    expect(isForgottenAttempt(window, undefined, secondsAfter(now, end - 1))).toBe(false);
    expect(isForgottenAttempt(window, undefined, secondsAfter(now, end))).toBe(true);
    expect(isForgottenAttempt(window, secondsAfter(now, 1000), secondsAfter(now, end))).toBe(false);
    expect(isForgottenAttempt(undefined, now, secondsAfter(now, 30 * DAY - 1))).toBe(false);
    expect(isForgottenAttempt(undefined, now, secondsAfter(now, 30 * DAY))).toBe(true);
  });
});

describe('attempt window that locks and closes', () => {
  const QUARTER = 900;
  const HOUR = 3600;
  const ladder: AttemptLimit = {
    limit: 5,
    windowSeconds: QUARTER,
    progressive: true,
    lockSeconds: HOUR,
    closesAfter: 15,
  };
  const fiveMore = (seconds: number, window?: AttemptWindow) => {
    let next = window;
    for (let attempt = 0; attempt < 5; attempt += 1) next = attemptAt(seconds, next);
    return next;
  };
  const attemptAt = (seconds: number, window?: AttemptWindow): AttemptWindow => {
    const next = reserveAttempt(window, ladder, secondsAfter(now, seconds));
    if (!next) throw new Error('refused');
    return next;
  };
  const isRefused = (window: AttemptWindow | undefined, seconds: number) =>
    reserveAttempt(window, ladder, secondsAfter(now, seconds)) === undefined;

  it('is locked for an hour by the fifth attempt, from that attempt on', () => {
    let window: AttemptWindow | undefined;
    for (const seconds of [0, 200, 400, 600]) {
      window = attemptAt(seconds, window);
      expect(window.endsAt).toEqual(secondsAfter(now, QUARTER));
    }
    const locked = attemptAt(800, window);

    expect(locked).toMatchObject({ endsAt: secondsAfter(now, 800 + HOUR), used: 5, failures: 5 });
    expect(isRefused(locked, 800)).toBe(true);
    expect(isRefused(locked, 800 + HOUR - 1)).toBe(true);
    expect(isRefused(locked, 800 + HOUR)).toBe(false);
  });

  it('is not locked by four attempts in a window, however many there were before', () => {
    let window = attemptAt(0);
    for (const seconds of [1, 2, 3]) window = attemptAt(seconds, window);
    window = attemptAt(QUARTER, window);

    expect(window).toMatchObject({ used: 1, failures: 5, endsAt: secondsAfter(now, 2 * QUARTER) });
  });

  it('closes with the third lock, for good', () => {
    const first = fiveMore(0);
    const second = fiveMore(HOUR, first);
    const third = fiveMore(2 * HOUR, second);

    expect(third).toMatchObject({ used: 5, failures: 15 });
    for (const seconds of [2 * HOUR, 3 * HOUR, 30 * DAY, 365 * DAY]) expect(isRefused(third, seconds)).toBe(true);
  });

  it('closes in the middle of a window, too', () => {
    let window = attemptAt(0);
    for (let attempt = 1; attempt < 15; attempt += 1) window = attemptAt(attempt * 3 * HOUR, window);

    expect(window).toMatchObject({ used: 1, failures: 15 });
    expect(isRefused(window, 365 * DAY)).toBe(true);
  });

  it('opens again with a success: failures start anew, and so does the ladder', () => {
    const closed = fiveMore(2 * HOUR, fiveMore(HOUR, fiveMore(0)));
    if (!closed) throw new Error('unreachable');
    expect(isRefused(closed, DAY)).toBe(true);

    // A success gives the window back; to be forgiven is enough once it has ended.
    expect(fiveMore(DAY, undefined)).toMatchObject({ failures: 5, endsAt: secondsAfter(now, DAY + HOUR) });
    expect(fiveMore(DAY, forgiveAttempts(closed))).toMatchObject({
      failures: 5,
      endsAt: secondsAfter(now, DAY + HOUR),
    });
  });

  it('stays as long as it is where that is longer than the lock', () => {
    const short: AttemptLimit = { ...ladder, lockSeconds: 60 };
    let window: AttemptWindow | undefined;
    for (let attempt = 0; attempt < 5; attempt += 1) window = reserveAttempt(window, short, now);

    expect(window?.endsAt).toEqual(secondsAfter(now, QUARTER));
  });

  it('makes whoever uses a window up wait, and grants no more than closes it, whatever the rhythm', () => {
    fc.assert(
      fc.property(anyLadder, anyPauses, (anyLimit, pauses) => {
        let window: AttemptWindow | undefined;
        let [seconds, granted, unlockedAt] = [0, 0, 0];
        for (const pause of pauses) {
          seconds += pause;
          const next = reserveAttempt(window, anyLimit, secondsAfter(now, seconds));
          if (next === undefined) continue;
          expect(seconds).toBeGreaterThanOrEqual(unlockedAt);
          granted += 1;
          window = next;
          if (window.used >= anyLimit.limit) unlockedAt = seconds + anyLimit.lockSeconds;
        }
        expect(granted).toBeLessThanOrEqual(anyLimit.closesAfter);
      }),
    );
  });
});
