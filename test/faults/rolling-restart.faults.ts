import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertAnswered } from './harness/assert-answered.ts';
import { assertWhole } from './harness/assert-whole.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { scaled } from './harness/scale.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld, type World } from './harness/world.ts';

const ROUNDS = scaled({ short: 1, long: 10 });
const REQUESTS = scaled({ short: 100, long: 10_000 });
/** A balancer has to see that a replica is back before the next one goes. */
const SETTLE_MS = 2_000;

describe('a rolling restart', () => {
  let estate: Estate;
  let world: World;
  beforeAll(async () => {
    estate = await Estate.start({ env: { DRAIN_SECONDS: scaled({ short: '2', long: '5' }) } });
    world = await makeWorld(estate.balancer);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  it(`fails no request, ${ROUNDS} times`, async () => {
    await using traffic = Traffic.begin(estate.balancer, world);
    for (let round = 0; round < ROUNDS || traffic.tally.requests < REQUESTS; round += 1) {
      for (const replica of estate.replicas) {
        await pause(SETTLE_MS);
        expect(await replica.terminate()).toBe(0);
        await replica.start();
      }
    }
    await traffic.stop();
    const { tally } = traffic;
    figure('rolling restart', {
      rounds: ROUNDS,
      requests: tally.requests,
      failed: tally.requests - tally.done,
      'slowest ms': tally.slowestMs,
    });
    expect(tally.refused).toBe(0);
    assertAnswered(estate, tally);
    await assertWhole(estate, world, traffic);
  });
});
