import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, type PersistencePorts, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { attested } from '../support/attested.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { seedProject } from '../support/seeds.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('the plans of what looks after signing keys', () => {
  const now = new Date();
  const texts: string[] = [];
  let pool: pg.Pool;
  let ports: PersistencePorts;
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: (await freshDatabase(migratedTemplate)).url, max: 1 });
    const logQuery = (text: string) => void texts.push(text);
    const database = new Database(drizzle(pool, { logger: { logQuery } }), { prepare: true });
    ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
    const { projectId } = await seedProject(ports.unitOfWork, now);
    await pool.query(
      `insert into signing_keys (kid, project_id, algorithm, stage, public_jwk, sealed_private_jwk, created_at,
         activated_at, expires_at, version)
       select 'k' || n || stage, $1, 'ES256', stage, '{}', 'v1.key.iv.tag.box', now(), now(),
         case when stage = 'previous' then now() end, 1
       from generate_series(1, 4000) n, unnest(array['next', 'current', 'previous']) stage`,
      [projectId],
    );
    await pool.query('analyze signing_keys');
    // As a statement is planned that was prepared long ago, without looking at its parameters.
    await pool.query('set plan_cache_mode = force_generic_plan');
  });
  afterAll(() => pool.end());

  async function indexesOf(act: () => Promise<unknown>): Promise<string> {
    texts.length = 0;
    await act();
    const text = texts.find((text) => text.includes('"signing_keys"')) ?? expect.fail();
    const parameters = text.match(/\$\d+/g)?.length ?? 0;
    await pool.query(`prepare looked_at as ${text}`);
    const given = Array.from({ length: parameters }, () => 'null').join(', ');
    const { rows } = await pool.query(`explain (format json) execute looked_at(${given})`);
    await pool.query('deallocate looked_at');
    return JSON.stringify(rows);
  }

  it('take the index of keys that sign when nothing is due', async () => {
    const plan = await indexesOf(() => ports.signingKeyDirectory.due(secondsAfter(now, -60), 50));
    expect(plan).toContain('signing_keys_due');
    expect(plan).not.toContain('Seq Scan');
  });

  it('take the index of keys that end when none is over', async () => {
    const plan = await indexesOf(() => ports.housekeeping.sweep(now, 100));
    expect(plan).toContain('signing_keys_expiry');
  });
});
