import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, type PersistencePorts, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { GIVEN_UP } from '../../src/domain/webhook/webhook-delivery.ts';
import { attested } from '../support/attested.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { type Place, seedProject } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

const TENANTS = 125;
const OF_EACH = 20;
const ALL = TENANTS * OF_EACH;

/** One person may have any number of tenants, each with twenty webhooks. */
describeWithPostgres('webhooks of which very many have something waiting', () => {
  const now = new Date();
  let pool: pg.Pool;
  let ports: PersistencePorts;
  let place: Place;
  const statements: string[] = [];

  beforeEach(async () => {
    pool = new pg.Pool({ connectionString: (await freshDatabase(migratedTemplate)).url, max: 16 });
    const logger = { logQuery: (text: string) => void statements.push(text) };
    const database = new Database(drizzle(pool, { logger }), { prepare: true });
    ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
    place = await seedProject(ports.unitOfWork, now);
    const scope = [place.projectId, place.tenantId];
    await pool.query(
      `insert into tenants (id, project_id, name, created_at, updated_at, version)
       select gen_random_uuid(), $1, 'Tenant', now(), now(), 1 from generate_series(1, ${TENANTS})`,
      [place.projectId],
    );
    await pool.query(
      `insert into webhook_endpoints (id, project_id, tenant_id, url, event_types, enabled, secret, created_at, updated_at, version)
       select gen_random_uuid(), project_id, id, 'https://receiver.example.test', '{}', true, '', now(), now(), 1
       from tenants cross join generate_series(1, ${OF_EACH}) where project_id = $1 and id <> $2`,
      scope,
    );
    await pool.query(
      `insert into events (id, project_id, reader_id, position, sequence, subject_kind, subject_id, type, data, occurred_at)
       select gen_random_uuid(), project_id, id, 1, 1, 'tenant', id, 'tenant.updated', '{}', now()
       from tenants where project_id = $1 and id <> $2`,
      scope,
    );
    await pool.query(
      `insert into webhook_deliveries (project_id, tenant_id, webhook_id, event_id, status, attempts, next_attempt_at)
       select project_id, reader_id, webhook_endpoints.id, events.id, 'pending', 0, $1
       from webhook_endpoints join events using (project_id) where reader_id = webhook_endpoints.tenant_id`,
      [now],
    );
    await pool.query('analyze');
  });
  afterEach(() => pool.end());

  const claim = (limit: number) =>
    ports.webhookDeliveries
      .claim({ limit, perEndpoint: 4, leaseSeconds: 60 }, now)
      .then((claimed) => claimed.map(({ endpoint }) => endpoint.id));
  /** The webhooks that claims go through first. */
  const ofTheFirst = (count: number) =>
    `(project_id, tenant_id, webhook_id) in (
       select project_id, tenant_id, id from webhook_endpoints order by project_id, tenant_id, id limit ${count})`;

  it('are gone through a thousand at a time, each in its turn', async () => {
    const rounds = [await claim(ALL), await claim(ALL), await claim(ALL)];
    expect(rounds.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(new Set(rounds.flat()).size).toBe(ALL);
    expect(await claim(ALL)).toEqual([]);
  });

  it('come in their turn also behind those that wait for longer', async () => {
    await pool.query(
      `update webhook_deliveries set next_attempt_at = $1::timestamptz + interval '1 hour'
       where ${ofTheFirst(1500)}`,
      [now],
    );
    const rounds = [await claim(ALL), await claim(ALL), await claim(ALL)];
    expect(rounds.map(({ length }) => length)).toEqual([500, 500, 0]);
  });

  it('begin anew when all had their turn', async () => {
    const claimed: string[] = [];
    for (let round = 0; round < 12; round += 1) claimed.push(...(await claim(300)));
    expect(new Set(claimed).size).toBe(ALL);
    expect(claimed).toHaveLength(ALL);
  });

  describe('when they are switched off', () => {
    beforeEach(() => pool.query('update webhook_endpoints set enabled = false'));

    it('have nothing waiting any more in the end, and nobody looks for it', async () => {
      await pool.query(
        `update webhook_deliveries set next_attempt_at = $1::timestamptz + interval '1 hour'
         where ${ofTheFirst(500)}`,
        [now],
      );
      expect(await claim(10)).toEqual([]);
      const { rows } = await pool.query(
        'select status, last_error, count(*)::int from webhook_deliveries group by 1, 2 order by 1',
      );
      expect(rows).toEqual([
        { status: 'failed', last_error: GIVEN_UP, count: ALL - 500 },
        { status: 'pending', last_error: null, count: 500 },
      ]);

      statements.length = 0;
      expect(await claim(10)).toEqual([]);
      expect(statements).toHaveLength(1);
    });

    it('hold up none of sixteen who claim at once', async () => {
      await pool.query(`update webhook_endpoints set enabled = true
        where id in (select id from webhook_endpoints order by project_id, tenant_id, id limit 8)`);
      const { succeeded, refused } = await sixteenAtOnce(async () => [...(await claim(2)), ...(await claim(2))]);
      expect(refused).toEqual([]);
      const claimed = succeeded.flat();
      expect(claimed.length).toBeGreaterThan(0);
      expect(new Set(claimed).size).toBe(claimed.length);
    });
  });
});
