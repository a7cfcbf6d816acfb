import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RateLimiter } from '../../src/ports/rate-limiter.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject } from './subject.ts';

export interface RateLimiterSubject {
  readonly rateLimiter: RateLimiter;
  /** So many seconds pass for the limiter. */
  elapse(seconds: number): Promise<void>;
  dispose(): Promise<void>;
}

/** Requests in fixed windows. */
export function describeRateLimiterContract(name: string, makeSubject: MakeSubject<RateLimiterSubject>): void {
  describe(`rate limiter: ${name}`, () => {
    const limit = { limit: 5, windowSeconds: 60 };
    let subject: RateLimiterSubject;
    let key: string;

    beforeEach(async () => {
      subject = await makeSubject();
      key = randomUUID();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const hit = (of = key) => subject.rateLimiter.hit(of, limit);
    const peek = () => subject.rateLimiter.peek(key, limit);

    it('lets exactly the limit pass of sixteen at once', async () => {
      const { succeeded } = await sixteenAtOnce(() => hit());

      expect(succeeded.filter(({ exceeded }) => !exceeded)).toHaveLength(limit.limit);
      expect(succeeded.map(({ remaining }) => remaining).sort((a, b) => b - a)).toEqual([
        4,
        3,
        2,
        1,
        ...Array(12).fill(0),
      ]);
    });

    it('describes the window in whole seconds', async () => {
      expect(await hit()).toEqual({ limit: 5, windowSeconds: 60, remaining: 4, resetSeconds: 60, exceeded: false });
    });

    it('counts down to the end of the window that the first request opened', async () => {
      await hit();
      await subject.elapse(20);

      expect(await hit()).toMatchObject({ remaining: 3, resetSeconds: 40 });
    });

    it('starts anew when the window has ended', async () => {
      for (let request = 0; request < 6; request += 1) await hit();
      expect((await hit()).exceeded).toBe(true);
      await subject.elapse(60);

      expect(await hit()).toMatchObject({ remaining: 4, resetSeconds: 60, exceeded: false });
    });

    it('does not stretch a window by the requests that it refuses', async () => {
      for (let request = 0; request < 6; request += 1) await hit();
      await subject.elapse(30);
      await hit();
      await subject.elapse(30);

      expect((await hit()).exceeded).toBe(false);
    });

    it('peeks at what the next request would find, without counting', async () => {
      for (let request = 0; request < limit.limit; request += 1) {
        const expected = await peek();
        expect(await peek()).toEqual(expected);
        expect(await hit()).toEqual(expected);
      }

      expect(await peek()).toMatchObject({ remaining: 0, exceeded: true });
    });

    it('counts each key by itself', async () => {
      for (let request = 0; request < 6; request += 1) await hit();

      expect(await hit(randomUUID())).toMatchObject({ remaining: 4, exceeded: false });
    });
  });
}
