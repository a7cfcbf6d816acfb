import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/adapters/container/doctor/finding.ts';
import { assertAnswered } from './harness/assert-answered.ts';
import { assertWhole } from './harness/assert-whole.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { PgBouncer } from './harness/pgbouncer.ts';
import { scaled } from './harness/scale.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld } from './harness/world.ts';

const LASTS_MS = scaled({ short: 5_000, long: 60_000 });
const MIGRATORS = 3;

describe('behind PgBouncer in transaction mode', () => {
  let pooler: PgBouncer;
  let estate: Estate;
  let through: Readonly<Record<string, string>>;
  beforeAll(async () => {
    estate = await Estate.unstarted({
      env: { DATABASE_PREPARE: 'false' },
      pooler: async (postgres, database) => {
        pooler = await PgBouncer.before(postgres, database);
        return pooler;
      },
    });
    through = { DATABASE_URL: estate.postgres.url('castellan', pooler.port) };
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  it(`an empty database is migrated once by ${MIGRATORS} at once, and no lock stays behind`, async () => {
    const migrate = () => estate.command(['migrate', '--json'], through);
    const migrated = await Promise.all(Array.from({ length: MIGRATORS }, migrate));
    for (const { code, error } of migrated) expect([code, error]).toEqual([0, '']);
    const applied = migrated.flatMap(({ out }) => JSON.parse(out).applied);
    expect(applied.toSorted()).toEqual(await estate.installation.migrations());
    expect(await estate.rows(`select from pg_locks where locktype = 'advisory'`)).toEqual([]);
  });

  it('the service does its work', async () => {
    await Promise.all(estate.replicas.map((replica) => replica.start()));
    const world = await makeWorld(estate.balancer);
    await using traffic = Traffic.begin(estate.balancer, world);
    const rate = await traffic.rateFor(LASTS_MS);
    await traffic.stop();
    const { tally } = traffic;
    const [backends] = await estate.rows<{ count: number }>(
      `select count(*)::int from pg_stat_activity where datname = 'castellan' and pid <> pg_backend_pid()`,
    );
    figure('PgBouncer, by transaction', {
      requests: tally.requests,
      'requests/s': Math.round(rate),
      'answered 503': tally.refused,
      'slowest ms': tally.slowestMs,
      'sessions of Postgres': backends?.count ?? 0,
    });
    expect(tally.refused).toBe(0);
    assertAnswered(estate, tally);
    await assertWhole(estate, world, traffic);
  });

  const findings = async (env: Readonly<Record<string, string>>): Promise<readonly Finding[]> => {
    const { out } = await estate.command(['doctor', '--json'], env);
    return JSON.parse(out).checks;
  };

  it('the doctor sees it, and what there is left to do', async () => {
    const before = await findings(through);
    expect(before.filter(({ status }) => status !== 'ok')).toMatchObject([
      { check: 'pooler', status: 'warn', advice: expect.stringContaining('set statement_timeout') },
    ]);
    await estate.rows(`alter role current_user set statement_timeout = '5s'`);
    // Sessions that there are keep what they began with.
    await estate.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'castellan'`);
    await expect
      .poll(async () => (await findings(through)).filter(({ status }) => status !== 'ok'), { timeout: 20_000 })
      .toEqual([]);
  });

  it('what is set wrong is said: by the doctor, and by a service that does not start', async () => {
    const wrong = { ...through, DATABASE_PREPARE: 'true' };
    expect((await findings(wrong)).filter(({ status }) => status !== 'ok')).toMatchObject([
      { check: 'pooler', status: 'fail', advice: 'Set DATABASE_PREPARE=false.' },
    ]);
    const { code, error } = await estate.command(['serve'], wrong);
    expect([code, error]).toEqual([1, expect.stringContaining('To see why: castellan doctor')]);
  });
});
