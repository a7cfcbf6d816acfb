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
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const QUARTER = 15 * 60;
const HOUR = 60 * 60;
const DAY = 24 * 60 * 60;

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

/** Guesses are counted before they are looked at. */
export function describeAttemptBudgetContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`attempt budget: ${name}`, () => {
    const now = new Date();
    const rule: AttemptLimit = { limit: 5, windowSeconds: QUARTER, progressive: false };
    const once: AttemptLimit = { limit: 1, windowSeconds: QUARTER, progressive: true };
    let subject: StoreSubject;
    let key: BudgetKey;

    beforeEach(async () => {
      subject = await makeSubject();
      const { projectId } = await seedProject(subject.unitOfWork, now);
      key = { projectId, budget: 'password-account', subject: anEmail() };
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const reserve = (seconds = 0, limit = rule, of = key) =>
      subject.attemptBudget.reserve(of, limit, secondsAfter(now, seconds));

    it('never grants more than the limit, of sixteen at once', async () => {
      const { succeeded } = await sixteenAtOnce(() => reserve());

      expect(succeeded).toHaveLength(16);
      expect(succeeded.filter(({ granted }) => granted)).toHaveLength(rule.limit);
      for (const { granted, retryAfterSeconds } of succeeded) expect(retryAfterSeconds).toBe(granted ? 0 : QUARTER);
    });

    it('counts the failures of granted attempts, this one included, and none of refused ones', async () => {
      const failures: number[] = [];
      for (let attempt = 0; attempt < 7; attempt += 1) failures.push((await reserve()).failures);

      expect(failures).toEqual([1, 2, 3, 4, 5, 5, 5]);
    });

    it('tells the seconds until the window ends, and grants again when it has', async () => {
      await reserve(0, once);

      expect(await reserve(1, once)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER - 1 });
      expect(await reserve(QUARTER - 0.5, once)).toMatchObject({ granted: false, retryAfterSeconds: 1 });
      expect(await reserve(QUARTER, once)).toMatchObject({ granted: true, failures: 2 });
    });

    it('does not grow windows where the rule is not progressive', async () => {
      const plain = { ...once, progressive: false };
      await reserve(0, plain);
      await reserve(QUARTER, plain);

      expect(await reserve(QUARTER, plain)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER });
    });

    it('doubles a window after each that was used up, to a day at most', async () => {
      let start = 0;
      const lengths: number[] = [];
      for (let window = 0; window < 9; window += 1) {
        await reserve(start, once);
        const { retryAfterSeconds } = await reserve(start, once);
        lengths.push(retryAfterSeconds);
        start += retryAfterSeconds;
      }

      expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 64, 96, 96].map((quarters) => quarters * QUARTER));
      expect(lengths.at(-1)).toBe(DAY);
    });

    it('keeps the length of a window that was not used up', async () => {
      const twice = { ...once, limit: 2 };
      await reserve(0, twice);
      await reserve(QUARTER, twice);
      await reserve(QUARTER, twice);

      expect(await reserve(QUARTER, twice)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER });
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

    describe('that locks and closes', () => {
      const ladder: AttemptLimit = {
        limit: 5,
        windowSeconds: QUARTER,
        progressive: true,
        lockSeconds: HOUR,
        closesAfter: 15,
      };
      const atOnce = (count: number, seconds: number, limit = ladder, of = key) =>
        Promise.all(Array.from({ length: count }, () => reserve(seconds, limit, of)));
      const grantedOf = async (count: number, seconds: number, limit = ladder) =>
        (await atOnce(count, seconds, limit)).filter(({ granted }) => granted).length;

      it('locks from the attempt that uses the window up, not from the first one', async () => {
        for (let attempt = 0; attempt < 4; attempt += 1) expect((await reserve(0, ladder)).usedUp).toBe(false);
        expect(await reserve(QUARTER - 1, ladder)).toMatchObject({ granted: true, usedUp: true, failures: 5 });

        expect(await reserve(QUARTER, ladder)).toMatchObject({
          granted: false,
          retryAfterSeconds: HOUR - 1,
          usedUp: true,
        });
        expect(await reserve(QUARTER + HOUR - 2, ladder)).toMatchObject({ granted: false, retryAfterSeconds: 1 });
        expect(await reserve(QUARTER + HOUR - 1, ladder)).toMatchObject({ granted: true, usedUp: false, failures: 6 });
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

      it('closes for an address that nobody has, like any other', async () => {
        const nobody: BudgetKey = { ...key, budget: 'recovery', subject: anEmail() };
        const once = { ...ladder, limit: 1, closesAfter: 1 };
        await reserve(0, once, nobody);

        expect(await reserve(365 * DAY, once, nobody)).toMatchObject({ granted: false, failures: 1 });
      });

      it('opens again with a success, as if nothing had been', async () => {
        for (const hours of [0, 1, 2]) await atOnce(5, hours * HOUR);
        expect(await reserve(DAY, ladder)).toMatchObject({ granted: false });
        await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key], secondsAfter(now, DAY)));

        expect(await grantedOf(16, DAY)).toBe(5);
        expect(await reserve(DAY, ladder)).toMatchObject({ granted: false, retryAfterSeconds: HOUR, failures: 5 });
      });
    });

    it('gives the window back on success, starts failures and progression anew, and remembers the success', async () => {
      await reserve(0, once);
      await reserve(QUARTER, once);
      const succeededAt = secondsAfter(now, QUARTER + 5);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key], succeededAt));

      expect(await subject.attemptBudget.look(key, succeededAt)).toEqual({ failures: 0, succeededAt });
      expect(await reserve(QUARTER + 10, once)).toEqual({
        granted: true,
        retryAfterSeconds: 0,
        usedUp: true,
        failures: 1,
        succeededAt,
      });
      expect(await reserve(QUARTER + 10, once)).toMatchObject({
        granted: false,
        retryAfterSeconds: QUARTER,
        succeededAt,
      });
    });

    it('takes a success for many keys at once, known or not', async () => {
      const prefix: BudgetKey = { ...key, budget: 'password-prefix', subject: `${key.subject} 192.0.2.1` };
      await reserve();
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key, prefix], now));
      const later = secondsAfter(now, 60);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([prefix], later));

      expect(await subject.attemptBudget.look(key, later)).toEqual({ failures: 0, succeededAt: now });
      expect(await subject.attemptBudget.look(prefix, later)).toEqual({ failures: 0, succeededAt: later });
    });

    it('forgives failures and progression, and leaves the present window and the success alone', async () => {
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key], now));
      await reserve(0, once);
      await reserve(QUARTER, once);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.forgive(key));

      expect(await subject.attemptBudget.look(key, secondsAfter(now, QUARTER + 1))).toEqual({
        failures: 0,
        succeededAt: now,
      });
      expect(await reserve(QUARTER + 1, once)).toMatchObject({ granted: false, retryAfterSeconds: 2 * QUARTER - 1 });
      expect(await reserve(3 * QUARTER, once)).toMatchObject({ granted: true, failures: 1 });
      expect(await reserve(3 * QUARTER, once)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER });
    });

    it('gives one attempt of each key back, and remembers no success', async () => {
      const ticket: BudgetKey = { ...key, budget: 'totp-ticket' };
      for (const each of [key, ticket]) for (let attempt = 0; attempt < 5; attempt += 1) await reserve(0, rule, each);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.giveBack([key, ticket]));

      for (const each of [key, ticket]) {
        expect(await subject.attemptBudget.look(each, now)).toEqual({ failures: 4, succeededAt: undefined });
        expect(await reserve(1, rule, each)).toMatchObject({ granted: true, failures: 5 });
        expect(await reserve(1, rule, each)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER - 1 });
      }
    });

    it('does not let a window grow whose last attempt was given back', async () => {
      await reserve(0, once);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.giveBack([key]));
      await reserve(QUARTER, once);

      expect(await reserve(QUARTER, once)).toMatchObject({ granted: false, retryAfterSeconds: QUARTER });
    });

    it('gives back no more than there was', async () => {
      const untried: BudgetKey = { ...key, subject: anEmail() };
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([key], now));
      for (let times = 0; times < 3; times += 1)
        await subject.unitOfWork.run(async ({ attempts }) => attempts.giveBack([key, untried]));
      expect(await subject.attemptBudget.look(key, now)).toEqual({ failures: 0, succeededAt: now });
      expect(await subject.attemptBudget.look(untried, now)).toEqual({ failures: 0, succeededAt: undefined });

      for (const each of [key, untried]) {
        await reserve(0, once, each);
        for (let times = 0; times < 3; times += 1)
          await subject.unitOfWork.run(async ({ attempts }) => attempts.giveBack([each]));
        expect(await reserve(1, once, each)).toMatchObject({ granted: true, failures: 1 });
        expect(await reserve(1, once, each)).toMatchObject({ granted: false });
      }
    });

    it('takes sixteen attempts back at once, and loses none', async () => {
      const wide = { ...rule, limit: 20 };
      for (let attempt = 0; attempt < 20; attempt += 1) await reserve(0, wide);
      const { succeeded } = await sixteenAtOnce(() =>
        subject.unitOfWork.run(async ({ attempts }) => attempts.giveBack([key])),
      );

      expect(succeeded).toHaveLength(16);
      expect(await subject.attemptBudget.look(key, now)).toMatchObject({ failures: 4 });
    });

    it('gives nothing back where the unit of work comes to nothing', async () => {
      await reserve();
      const undone = subject.unitOfWork.run(async ({ attempts }) => {
        attempts.succeed([key], now);
        attempts.giveBack([key]);
        attempts.forgive(key);
        throw new Error('changed its mind');
      });
      await expect(undone).rejects.toThrow('changed its mind');

      expect(await subject.attemptBudget.look(key, now)).toEqual({ failures: 1, succeededAt: undefined });
    });

    it('forgives a key that nobody has tried', async () => {
      await subject.unitOfWork.run(async ({ attempts }) => attempts.forgive(key));

      expect(await subject.attemptBudget.look(key, now)).toEqual({ failures: 0, succeededAt: undefined });
    });

    it('looks without reserving, after the window has ended too', async () => {
      await reserve(0, once);
      for (let looks = 0; looks < 3; looks += 1) {
        expect(await subject.attemptBudget.look(key, now)).toEqual({ failures: 1, succeededAt: undefined });
      }

      expect(await subject.attemptBudget.look(key, secondsAfter(now, DAY))).toEqual({
        failures: 1,
        succeededAt: undefined,
      });
    });

    it('counts each project, budget and subject by itself, whether anybody knows the subject or not', async () => {
      const { projectId } = await seedProject(subject.unitOfWork, now);
      const others: readonly BudgetKey[] = [
        { ...key, projectId },
        { ...key, budget: 'otp-account' },
        { ...key, subject: `${key.subject} 2001:db8::/64` },
        { ...key, subject: `nobody+'";--%_\\${'x'.repeat(200)}@example.test` },
      ];
      await reserve(0, once);
      expect(await reserve(0, once)).toMatchObject({ granted: false });

      for (const other of others) {
        expect(await reserve(0, once, other)).toMatchObject({ granted: true, failures: 1 });
        expect(await reserve(0, once, other)).toMatchObject({ granted: false, failures: 1 });
      }
    });
  });
}
