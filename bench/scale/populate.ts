import pg from 'pg';
import { inhabitants, vocabulary } from './inhabitants.ts';
import type { Size } from './size.ts';

const STRETCH = 250_000;
const DAY_SECONDS = 86_400;

/**
 * Fills a project of a migrated database with people, tenants and sessions. Triggers and foreign keys rest meanwhile,
 * which takes a superuser: what they would see to, the statements do. Indexes are made when all rows are there.
 */
export async function populate(
  databaseUrl: string,
  projectId: string,
  size: Size,
  tell: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'`);
    // Rows of commits that are not yet on disk are not marked as visible to all, and indexes alone answer nothing.
    await client.query('set synchronous_commit = on');
    await client.query(vocabulary(size));
    // Whoever measures for long is not signed out.
    await client.query(
      `update projects set settings = settings || '{"accessTokenTtlSeconds": ${DAY_SECONDS}}' where id = $1`,
      [projectId],
    );
    for (const { table, count, insert } of inhabitants(size)) {
      const startedAt = performance.now();
      const indexes = await dropIndexes(client, table);
      for (let from = 1; from <= count; from += STRETCH) {
        const to = Math.min(count, from + STRETCH - 1);
        await client.query(insert, [projectId, from, to]);
        if (to < count) tell(`${table} ${to} of ${count}`);
      }
      for (const index of indexes) await client.query(index);
      await client.query(`analyze ${table}`);
      tell(`${table}: ${count} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    }
    await client.query('vacuum');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** Answers how they are made again. Those of constraints stay: their keys come in order. */
async function dropIndexes(client: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid = $1::regclass and not exists (select from pg_constraint where conindid = indexrelid)`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
