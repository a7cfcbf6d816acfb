import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { assertAnswered } from './harness/assert-answered.ts';
import { assertWhole } from './harness/assert-whole.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { scaled } from './harness/scale.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld, type World } from './harness/world.ts';

const MEASURE_MS = scaled({ short: 3_000, long: 10_000 });
const KILLING_MS = scaled({ short: 8_000, long: 60_000 });
/** Longer than anybody waits. */
const SILENT_MS = 12_000;
const KILL_EVERY_MS = 150;
const LEAST_TERMINATED = KILLING_MS / KILL_EVERY_MS / 2;
/** Of the throughput before; a neighbour that begins meanwhile takes more than a fault does. */
const BACK_AT = scaled({ short: 0.5, long: 0.95 });

describe('Postgres', () => {
  let estate: Estate;
  let world: World;
  beforeAll(async () => {
    estate = await Estate.start();
    world = await makeWorld(estate.balancer);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  /** Throughput is what it was, and nothing came of it. */
  async function survived(name: string, trouble: () => Promise<Readonly<Record<string, number>>>): Promise<void> {
    await using traffic = Traffic.begin(estate.balancer, world);
    const before = await traffic.rateFor(MEASURE_MS);
    const said = await trouble();
    const back = await traffic.backAfter(BACK_AT * before, MEASURE_MS);
    const { tally } = traffic;
    figure(name, {
      ...said,
      'requests/s before': Math.round(before),
      [`back at ${100 * BACK_AT} % after ms`]: back,
      requests: tally.requests,
      'answered 503': tally.refused,
      'slowest ms': tally.slowestMs,
    });
    await traffic.stop();
    assertAnswered(estate, tally);
    await assertWhole(estate, world, traffic);
  }

  it('loses nothing to a fast restart, and is back', () =>
    survived('fast restart', async () => {
      await estate.postgres.restart('fast');
      return {};
    }));

  it('loses nothing to an immediate restart, and is back', () =>
    survived('immediate restart', async () => {
      await estate.postgres.restart('immediate');
      return {};
    }));

  it('loses nothing to a network that falls silent, and is back', () =>
    survived('Postgres silent', async () => {
      await estate.every('postgres', (proxy) => proxy.freeze());
      await pause(SILENT_MS);
      await estate.every('postgres', (proxy) => proxy.pass());
      return { 'silent for ms': SILENT_MS };
    }));

  it('loses nothing while one backend after the other is terminated', () =>
    survived('a backend terminated every 150 ms', async () => {
      const admin = new pg.Client({ connectionString: estate.databaseUrl });
      await admin.connect();
      const until = performance.now() + KILLING_MS;
      let terminated = 0;
      // A busy machine takes longer for as many.
      while (performance.now() < until || terminated < LEAST_TERMINATED) {
        const [, { rowCount }] = await Promise.all([pause(KILL_EVERY_MS), admin.query(TERMINATE_ONE)]);
        terminated += rowCount ?? 0;
      }
      await admin.end();
      return { terminated };
    }));
});

const TERMINATE_ONE = `
  select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'castellan'
  order by random() limit 1`;
