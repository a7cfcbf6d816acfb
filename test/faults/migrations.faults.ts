import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { migrateOnlyTo } from '../persistence/migrate-only-to.ts';
import { assertAnswered } from './harness/assert-answered.ts';
import { assertWhole } from './harness/assert-whole.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { Installation } from './harness/installation.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld } from './harness/world.ts';

const MIGRATORS = 3;
/** What a later version might do: it has to keep everybody from a table that all requests read. */
const LATER = {
  tag: '9999_later',
  text: `ALTER TABLE "users" ADD COLUMN "later" text;--> statement-breakpoint
    CREATE INDEX "users_later" ON "users" ("later");`,
} as const;

describe('migrations', () => {
  let estate: Estate | undefined;
  afterEach(() => estate?.[Symbol.asyncDispose]());

  /** Each was applied by one of them, and nobody failed. */
  async function migrateAtOnce(on: Estate, expected: readonly string[]): Promise<void> {
    const migrated = await Promise.all(Array.from({ length: MIGRATORS }, () => on.command(['migrate', '--json'])));
    for (const { code, error } of migrated) expect([code, error]).toEqual([0, '']);
    expect(migrated.flatMap(({ out }) => JSON.parse(out).applied).toSorted()).toEqual(expected);
  }

  it(`are applied once by ${MIGRATORS} migrators at once, on an empty database and on one that is behind`, async () => {
    const empty = await Estate.unstarted();
    estate = empty;
    const all = await empty.installation.migrations();
    await migrateAtOnce(empty, all);

    await empty.rows('drop schema public cascade; drop schema drizzle cascade; create schema public');
    const client = new pg.Client({ connectionString: empty.databaseUrl });
    await client.connect();
    await migrateOnlyTo(client, all.length - 2);
    await client.end();
    await migrateAtOnce(empty, all.slice(-1));
    expect(await empty.rows('select from drizzle.__drizzle_migrations')).toHaveLength(all.length);
    await Promise.all(empty.replicas.map((replica) => replica.start()));
  });

  it('let a version go on that does not know them, also while somebody reads for long', async () => {
    const present = await Estate.start();
    estate = present;
    const world = await makeWorld(present.balancer);
    await using later = await Installation.copied();
    await later.addMigration(LATER.tag, LATER.text);
    const reader = new pg.Client({ connectionString: present.databaseUrl });
    await reader.connect();
    await using traffic = Traffic.begin(present.balancer, world);
    await traffic.rateFor(1_000);

    await reader.query('begin; select from users limit 1');
    const migrated = present.command(['migrate', '--json'], {}, later);
    await traffic.rateFor(4_000);
    const meanwhile = traffic.tally.rate(performance.now() - 4_000, 4_000);
    await reader.query('commit');
    const { code, out } = await migrated;
    await reader.end();
    await using newcomer = await present.newcomer(later);
    await newcomer.start();
    await traffic.rateFor(1_000);
    for (const replica of present.replicas) await replica.ready();
    await traffic.stop();

    expect([code, JSON.parse(out)]).toEqual([0, { applied: [LATER.tag] }]);
    const { tally } = traffic;
    figure('migration behind a long reader', {
      'requests/s while it waits': Math.round(meanwhile),
      requests: tally.requests,
      'answered 503': tally.refused,
      'slowest ms': tally.slowestMs,
    });
    expect(meanwhile).toBeGreaterThan(0);
    expect(tally.refused).toBe(0);
    assertAnswered(present, tally);
    await assertWhole(present, world, traffic);
  });
});
