import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { Database } from './database.ts';
import { translated } from './failures.ts';
import { makeAuditPartitions } from './housekeeping/audit-partitions.ts';
import type { PostgresConnection } from './open-pool.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** Generated, read, and completed by hand. */
export const MIGRATIONS_FOLDER: string = join(PACKAGE_ROOT, 'drizzle');

/** Any number that nobody else uses. */
const LOCK = 0x0ca57e11;

/**
 * Brings the schema up to date; safe for any number of instances at once, since one works while the others wait.
 * Needs a connection of its own to the server: a lock that lives as long as a session does not pass a transaction pooler.
 * Answers the names of the migrations that were applied here.
 */
export async function migrate(connection: Pick<PostgresConnection, 'client'>): Promise<readonly string[]> {
  // A migration takes as long as it takes, and so does waiting for the instance that is at it.
  const client = new pg.Client({ ...connection.client, statement_timeout: 0, query_timeout: 0 });
  // The statement that is under way fails, too.
  client.on('error', () => {});
  await translated(client.connect());
  try {
    await translated(client.query('select pg_advisory_lock($1)', [LOCK]));
    const database = new Database(drizzle({ client }), { prepare: false });
    const missing = await missingMigrations(database);
    if (missing.length > 0) {
      await translated(applyMigrations(drizzle({ client }), { migrationsFolder: MIGRATIONS_FOLDER }));
    }
    await makeAuditPartitions(database, new Date());
    // The embedded database has one session, which outlives its connections.
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
    return missing;
  } finally {
    await client.end();
  }
}

/** The names of the migrations that this program knows and the database does not have, in their order. */
export async function missingMigrations(database: Database): Promise<readonly string[]> {
  const latest = await latestMigration(database);
  const { entries } = JSON.parse(await readFile(`${MIGRATIONS_FOLDER}/meta/_journal.json`, 'utf8')) as Journal;
  return entries.filter(({ when }) => when > latest).map(({ tag }) => tag);
}

interface Journal {
  readonly entries: readonly { readonly when: number; readonly tag: string }[];
}

async function latestMigration(database: Database): Promise<number> {
  const [table] = await database.execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (!table?.there) return 0;
  const [applied] = await database.execute<{ latest: string | null }>(
    sql`select max(created_at)::text as latest from drizzle.__drizzle_migrations`,
  );
  return Number(applied?.latest ?? 0);
}
