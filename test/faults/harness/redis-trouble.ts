import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { assertAnswered } from './assert-answered.ts';
import { assertNothingLost } from './assert-whole.ts';
import type { Estate } from './estate.ts';
import { figure } from './figure.ts';
import { assertGone, everythingGone, type Gone } from './gone.ts';
import { RateWindows } from './rate-windows.ts';
import { Revocation } from './revocation.ts';
import { LONG, scaled } from './scale.ts';
import { Traffic } from './traffic.ts';
import { makeWorld, type World } from './world.ts';

/** What is promised, where nothing else keeps the machine busy. */
const ANSWERED_WITHIN_MS = scaled({ short: 6_000, long: 2_000 });
const SEEN_WITHIN_MS = scaled({ short: 6_000, long: 2_000 });
const SEEN_WITHIN_MS_WHEN_CUT_OFF = 30_000;

const WALKERS = 4;

/** Longer than it takes to notice that a server is silent, to give it up, and to fail to find it again. */
export const LONG_ENOUGH_MS = 5_000;

export interface Trouble {
  strike(): void | Promise<void>;
  readonly lastsMs: number;
  /** `never`: the service goes on with what is left, and does not call itself ready. */
  readonly mend: (() => void | Promise<void>) | 'never';
}

export interface Scene {
  readonly estate: Estate;
  readonly world: World;
  /** Whose rates are limited. */
  readonly strict: World;
  readonly gone: readonly Gone[];
}

export async function makeScene(estate: Estate): Promise<Scene> {
  const world = await makeWorld(estate.balancer);
  const strict = await RateWindows.strictWorld(estate.balancer);
  return { estate, world, strict, gone: await everythingGone(estate, world) };
}

/**
 * Under traffic over both replicas, something happens to what they share besides the database, and ends: nobody waits
 * or is refused for it, nothing comes back, and what one replica ends is seen by the other as soon as is promised.
 */
export async function throughTrouble(name: string, { estate, world, strict, gone }: Scene, trouble: Trouble) {
  const windows = await RateWindows.opened(estate, strict);
  const meanwhile = await Revocation.prepared(estate, world);
  await using traffic = Traffic.begin(estate.balancer, world, WALKERS);

  await trouble.strike();
  await meanwhile.happens();
  await assertGone(estate, gone);
  await windows.assertNoneAnew();
  await windows.assertUsableOnce();
  const seenWhenCutOff = LONG ? await meanwhile.seen(SEEN_WITHIN_MS_WHEN_CUT_OFF) : undefined;
  await pause(trouble.lastsMs);
  const mendedAt = performance.now();
  if (trouble.mend !== 'never') {
    await trouble.mend();
    await Promise.all(estate.replicas.map((replica) => replica.ready()));
  }
  const ready = performance.now() - mendedAt;
  await meanwhile.seen(SEEN_WITHIN_MS_WHEN_CUT_OFF);
  const together = performance.now() - mendedAt;
  const afterwards = await Revocation.prepared(estate, world);
  await afterwards.happens();
  const seen = await afterwards.seen(SEEN_WITHIN_MS);
  await assertGone(estate, gone);
  await windows.assertNoneAnew();
  await traffic.stop();

  const { tally } = traffic;
  figure(name, {
    requests: tally.requests,
    'slowest ms': tally.slowestMs,
    'answered 503': tally.refused,
    ...(seenWhenCutOff !== undefined && { 'revocation seen while cut off after ms': seenWhenCutOff }),
    'ready again after ms': Math.round(ready),
    'what ended meanwhile seen after ms': Math.round(together),
    'revocation seen afterwards after ms': seen,
  });
  assertAnswered(estate, tally);
  expect(tally.refused).toBe(0);
  expect(tally.slowestMs).toBeLessThanOrEqual(ANSWERED_WITHIN_MS);
  await assertNothingLost(estate, world, traffic.ledger);
}
