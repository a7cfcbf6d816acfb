import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttemptLimit,
  type AttemptWindow,
  forgiveAttempts,
  giveBackAttempt,
  reserveAttempt,
} from '../../src/domain/user/attempt-window.ts';
import type { BudgetKey, Reservation } from '../../src/ports/attempt-budget.ts';
import { anEmail } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { seedProject } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const QUARTER = 15 * 60;
const HOUR = 60 * 60;
const DAY = 24 * HOUR;

const anyRule = fc.record(
  {
    limit: fc.integer({ min: 1, max: 4 }),
    windowSeconds: fc.integer({ min: 1, max: QUARTER }),
    progressive: fc.boolean(),
    lockSeconds: fc.integer({ min: 1, max: HOUR }),
    closesAfter: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: ['limit', 'windowSeconds', 'progressive'] },
);
const anyRhythm = fc.array(
  fc.record({
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * HOUR })),
    step: fc.oneof(
      { weight: 9, arbitrary: fc.constant('reserve' as const) },
      { weight: 1, arbitrary: fc.constantFrom('succeed' as const, 'giveBack' as const, 'forgive' as const) },
    ),
  }),
  { minLength: 5, maxLength: 30 },
);

/** What `reserveAttempt` says of the same window. */
function expectedOf(
  window: AttemptWindow | undefined,
  rule: AttemptLimit,
  at: Date,
): Omit<Reservation, 'succeededAt'> & { readonly after: AttemptWindow | undefined } {
  const next = reserveAttempt(window, rule, at);
  const after = next ?? window;
  const secondsLeft = Math.ceil(((after?.endsAt.getTime() ?? 0) - at.getTime()) / 1000);
  return {
    granted: next !== undefined,
    retryAfterSeconds: next === undefined ? Math.max(1, secondsLeft) : 0,
    usedUp: reserveAttempt(after, rule, at) === undefined,
    failures: after?.failures ?? 0,
    after,
  };
}

/** Who uses a window up waits, and after too many failures for good. */
export function describeAttemptLadderContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`attempt ladder: ${name}`, () => {
    const now = new Date();
    const ladder: AttemptLimit = {
      limit: 5,
      windowSeconds: QUARTER,
      progressive: true,
      lockSeconds: HOUR,
      closesAfter: 15,
    };
    let subject: StoreSubject;
    let key: BudgetKey;

    beforeEach(async () => {
      subject = await makeSubject();
      const { projectId } = await seedProject(subject.unitOfWork, now);
      key = { projectId, budget: 'recovery', subject: anEmail() };
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const reserve = (seconds: number, rule = ladder, of = key) =>
      subject.attemptBudget.reserve(of, rule, secondsAfter(now, seconds));
    const atOnce = (count: number, seconds: number, rule = ladder) =>
      Promise.all(Array.from({ length: count }, () => reserve(seconds, rule)));
    const grantedOf = async (count: number, seconds: number) =>
      (await atOnce(count, seconds)).filter(({ granted }) => granted).length;

    it('locks from the attempt that uses the window up, not from the first one', async () => {
      for (let attempt = 0; attempt < 4; attempt += 1) expect((await reserve(0)).usedUp).toBe(false);
      expect(await reserve(QUARTER - 1)).toMatchObject({ granted: true, usedUp: true, failures: 5 });

      expect(await reserve(QUARTER)).toMatchObject({
        granted: false,
        retryAfterSeconds: HOUR - 1,
        usedUp: true,
      });
      expect(await reserve(QUARTER + HOUR - 2)).toMatchObject({ granted: false, retryAfterSeconds: 1 });
      expect(await reserve(QUARTER + HOUR - 1)).toMatchObject({ granted: true, usedUp: false, failures: 6 });
    });

    it('locks with the first attempt where that is all there is', async () => {
      const single = { ...ladder, limit: 1 };

      expect(await reserve(0, single)).toMatchObject({ granted: true, usedUp: true, failures: 1 });
      expect(await reserve(1, single)).toMatchObject({ granted: false, retryAfterSeconds: HOUR - 1 });
    });

    it('does not shorten a window that is longer than the lock', async () => {
      const short = { ...ladder, lockSeconds: 60 };
      await atOnce(5, 0, short);

      expect(await reserve(0, short)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER });
    });

    it('grants a window of a hundred at once, and nothing for good after the last', async () => {
      expect(await grantedOf(100, 0)).toBe(5);
      expect(await grantedOf(100, HOUR)).toBe(5);
      expect(await grantedOf(100, 2 * HOUR)).toBe(5);
      expect(await grantedOf(100, 4 * HOUR)).toBe(0);
      expect(await grantedOf(100, 365 * DAY)).toBe(0);
      expect(await subject.attemptBudget.look(key, now)).toMatchObject({ failures: 15 });
    });

    it('closes in the middle of a window, and of a hundred at once, too', async () => {
      const wide = { ...ladder, limit: 50 };
      const answers = await atOnce(100, 0, wide);

      expect(answers.filter(({ granted }) => granted)).toHaveLength(15);
      expect(answers.filter(({ granted, usedUp }) => granted && usedUp)).toMatchObject([{ failures: 15 }]);
      expect(await reserve(DAY, wide)).toMatchObject({ granted: false, usedUp: true, failures: 15 });
    });

    it('closes one key, and no other', async () => {
      const once = { ...ladder, limit: 1, closesAfter: 1 };
      await reserve(0, once);

      expect(await reserve(365 * DAY, once)).toMatchObject({ granted: false, failures: 1 });
      const others: readonly BudgetKey[] = [
        { ...key, subject: anEmail() },
        { ...key, budget: 'totp-account' },
      ];
      for (const other of others) expect(await reserve(0, once, other)).toMatchObject({ granted: true, failures: 1 });
    });

    it('opens again with a success, as if nothing had been', async () => {
      for (const hours of [0, 1, 2]) await atOnce(5, hours * HOUR);
      expect(await reserve(DAY)).toMatchObject({ granted: false });
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key], secondsAfter(now, DAY)));

      expect(await grantedOf(16, DAY)).toBe(5);
      expect(await reserve(DAY)).toMatchObject({ granted: false, retryAfterSeconds: HOUR, failures: 5 });
    });

    it('is the rule of the domain, whatever the limits, the rhythm and what happens in between', async () => {
      const { attemptBudget, unitOfWork } = subject;
      await fc.assert(
        fc.asyncProperty(anyRule, anyRhythm, async (limits, rhythm) => {
          const of: BudgetKey = { ...key, subject: anEmail() };
          let window: AttemptWindow | undefined;
          let seconds = 0;
          for (const { pause, step } of rhythm) {
            seconds += pause;
            const at = secondsAfter(now, seconds);
            if (step === 'reserve') {
              const { after, ...expected } = expectedOf(window, limits, at);
              expect(await attemptBudget.reserve(of, limits, at)).toMatchObject(expected);
              window = after;
            } else if (step === 'succeed') {
              await unitOfWork.run(async ({ attempts }) => attempts.succeed([of], at));
              window = undefined;
            } else if (step === 'giveBack') {
              await unitOfWork.run(async ({ attempts }) => attempts.giveBack([of]));
              window = window && giveBackAttempt(window);
            } else {
              await unitOfWork.run(async ({ attempts }) => attempts.forgive(of));
              window = window && forgiveAttempts(window);
            }
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
