import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertAnswered } from './harness/assert-answered.ts';
import { assertWhole } from './harness/assert-whole.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { scaled } from './harness/scale.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld, type World } from './harness/world.ts';

const KILLS = scaled({ short: 20, long: 200 });
/** Into the middle of the writes, wherever that is. */
const LONGEST_LIFE_MS = 400;

describe('a replica that is killed', () => {
  let estate: Estate;
  let world: World;
  beforeAll(async () => {
    estate = await Estate.start();
    world = await makeWorld(estate.balancer);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  it(`leaves nothing half-written, loses nothing that it acknowledged, and comes back, ${KILLS} times`, async () => {
    await using traffic = Traffic.begin(estate.balancer, world);
    const begun = performance.now();
    let slowestStart = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(Math.random() * LONGEST_LIFE_MS);
      const replica = estate.replicas[kill % estate.replicas.length];
      await replica?.kill();
      const killed = performance.now();
      await replica?.start();
      slowestStart = Math.max(slowestStart, performance.now() - killed);
    }
    const rate = traffic.tally.rate(begun, performance.now() - begun);
    await traffic.stop();
    const { tally } = traffic;
    figure('kill -9', {
      kills: KILLS,
      requests: tally.requests,
      'requests/s meanwhile': Math.round(rate),
      'cut off': tally.failures('cut').length,
      'answered 503': tally.refused,
      'slowest answer ms': tally.slowestMs,
      'slowest start ms': Math.round(slowestStart),
    });
    expect(tally.failures('cut').length).toBeGreaterThan(0);
    assertAnswered(estate, tally, { cut: true });
    await assertWhole(estate, world, traffic);
  });
});
