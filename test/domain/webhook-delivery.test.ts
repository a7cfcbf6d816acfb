import { describe, expect, it } from 'vitest';
import { outcomeOf, type ReceiverAnswer, saysGone } from '../../src/domain/webhook/webhook-delivery.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const HOUR = 3600;

function outcome(answer: ReceiverAnswer | undefined, { attempt = 1, chance = 0 } = {}) {
  return outcomeOf(answer, { attempt, chance, now });
}

function waitAfter(answer: ReceiverAnswer | undefined, given: { attempt?: number; chance?: number } = {}): number {
  const { nextAttemptAt } = outcome(answer, given);
  if (nextAttemptAt === null) throw new Error('settled');
  return (nextAttemptAt.getTime() - now.getTime()) / 1000;
}

describe('an attempt to deliver', () => {
  it.each([200, 201, 202, 204, 299])('that is answered %i is the last', (status) => {
    expect(outcome({ status })).toEqual({
      ...{ status: 'delivered', nextAttemptAt: null, lastStatus: status, lastError: null },
    });
  });

  it.each([199, 300, 301, 304, 308, 400, 401, 404, 409, 429, 500, 503])(
    'that is answered %i is followed by another',
    (status) => {
      expect(outcome({ status })).toEqual({
        status: 'pending',
        nextAttemptAt: secondsAfter(now, 5),
        lastStatus: status,
        lastError: `answered ${status}`,
      });
    },
  );

  it('that is not answered is followed by another', () => {
    expect(outcome(undefined)).toMatchObject({ status: 'pending', lastStatus: null, lastError: 'no answer' });
  });

  it('is followed by nine more, over three days and some hours', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) => waitAfter(undefined, { attempt }));
    expect(waits).toEqual([5, 300, 1800, 2, 5, 10, 14, 20, 24].map((wait, index) => (index < 3 ? wait : wait * HOUR)));
    expect(outcome(undefined, { attempt: 10 })).toMatchObject({ status: 'failed', nextAttemptAt: null });
    expect(outcome({ status: 500 }, { attempt: 10 })).toMatchObject({ status: 'failed', lastStatus: 500 });
    expect(outcome({ status: 200 }, { attempt: 10 })).toMatchObject({ status: 'delivered' });
  });

  it('is not repeated by all at the same moment, but never earlier than planned', () => {
    expect(waitAfter(undefined, { attempt: 4, chance: 0 })).toBe(2 * HOUR);
    expect(waitAfter(undefined, { attempt: 4, chance: 0.5 })).toBeGreaterThan(2 * HOUR);
    expect(waitAfter(undefined, { attempt: 4, chance: 1 })).toBeLessThan(2.3 * HOUR);
  });

  it.each([429, 503])('that is answered %i waits for as long as the receiver asks, up to a day', (status) => {
    expect(waitAfter({ status, retryAfterSeconds: 90 })).toBe(90);
    expect(waitAfter({ status, retryAfterSeconds: 1 })).toBe(5);
    expect(waitAfter({ status, retryAfterSeconds: 60 }, { attempt: 3 })).toBe(1800);
    expect(waitAfter({ status, retryAfterSeconds: 999_999_999 })).toBe(24 * HOUR);
    expect(outcome({ status, retryAfterSeconds: 90 }, { attempt: 10 })).toMatchObject({ status: 'failed' });
  });

  it.each([400, 500, 302])('that is answered %i does not wait for what the receiver says', (status) => {
    expect(waitAfter({ status, retryAfterSeconds: 90 })).toBe(5);
  });

  it('that is told that nobody is there any more is the last', () => {
    expect(outcome({ status: 410 })).toMatchObject({ status: 'failed', nextAttemptAt: null, lastStatus: 410 });
    expect(saysGone({ status: 410 })).toBe(true);
    for (const answer of [undefined, { status: 404 }, { status: 200 }]) expect(saysGone(answer)).toBe(false);
  });
});
