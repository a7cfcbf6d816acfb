import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptLimit } from '../../src/domain/user/attempt-window.ts';
import type { BudgetKey } from '../../src/ports/attempt-budget.ts';
import { anEmail } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { seedProject } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const QUARTER = 15 * 60;
const DAY = 24 * 60 * 60;

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
