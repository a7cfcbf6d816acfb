import { setTimeout as pause } from 'node:timers/promises';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { Database } from './database.ts';
import { isLockNotAvailable, translated } from './failures.ts';
import { makeAuditPartitions } from './housekeeping/audit-partitions.ts';
import { latestMigration, MIGRATIONS_FOLDER, type Migration, missing } from './migrations.ts';
import type { PostgresConnection } from './open-pool.ts';

/** Any number that nobody else uses. */
const LOCK = 0x0ca57e11;
/** While it waits for somebody to leave a table, whoever comes later waits behind it. */
const LOCK_TIMEOUT = '500ms';
/** Between two tries others get through, and several instances do not keep step. */
const PAUSE_MS = { least: 1_000, most: 4_000 } as const;
const PATIENCE_MS = 120_000;

/** Something keeps a migration from what it changes. The message is for the operator. */
export class MigrationBlocked extends Error {
  override readonly name = 'MigrationBlocked';

  constructor(migration: string, options: ErrorOptions) {
    super(
      `The migration ${migration} changes tables that a long transaction holds. Let it come to its end, or end it (the oldest xact_start of pg_stat_activity), and migrate again`,
      options,
    );
  }
}

/**
 * Brings the schema up to date, and answers the names of the migrations that were applied here. Safe for any number of
 * instances at once and beside those that serve: each migration is a transaction of its own, under a lock that ends
 * with it and so passes every pooler, and never waits for long until somebody leaves a table, but tries again.
 * @throws MigrationBlocked
 */
export async function migrate(
  { client: config, database }: Pick<PostgresConnection, 'client' | 'database'>,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<readonly string[]> {
  const wanted = await missing(database);
  const applied = wanted.length === 0 ? [] : await applyAll(config, wanted, performance.now() + patienceMs);
  await makeAuditPartitions(database, new Date());
  return applied;
}

async function applyAll(
  config: pg.ClientConfig,
  wanted: readonly Migration[],
  deadline: number,
): Promise<readonly string[]> {
  const client = new pg.Client({ ...config, query_timeout: 0 });
  // The statement that is under way fails, too.
  client.on('error', () => {});
  await translated(client.connect());
  const applied: string[] = [];
  try {
    for (const migration of wanted) {
      if (await appliedInTime(client, migration, deadline)) applied.push(migration.tag);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function appliedInTime(client: pg.Client, migration: Migration, deadline: number): Promise<boolean> {
  for (;;) {
    try {
      return await translated(applied(client, migration));
    } catch (error) {
      if (!isLockNotAvailable(error)) throw error;
      if (performance.now() > deadline) throw new MigrationBlocked(migration.tag, { cause: error });
      await pause(PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least));
    }
  }
}

/** Whether it was here that it was applied, and not by another instance meanwhile. */
async function applied(client: pg.Client, { when }: Migration): Promise<boolean> {
  const database = new Database(drizzle({ client }), { prepare: false });
  await client.query('begin');
  try {
    // A migration takes as long as it takes, and so does waiting for the instance that is at it.
    await client.query(LIMITS, ['0', '0']);
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(LIMITS, ['0', LOCK_TIMEOUT]);
    const here = (await latestMigration(database)) < when;
    if (here) await run(client, when);
    await client.query('commit');
    return here;
  } catch (error) {
    // Of a connection that is gone there is nothing to roll back.
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

const LIMITS = `select set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true)`;

/** As Drizzle does it, and where Drizzle keeps it. */
async function run(client: pg.Client, when: number): Promise<void> {
  const migration = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).find(
    ({ folderMillis }) => folderMillis === when,
  );
  if (migration === undefined) throw new Error(`there is no migration of ${when}`);
  await client.query('create schema if not exists drizzle');
  await client.query(
    'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  for (const statement of migration.sql) await client.query(statement);
  await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
    migration.hash,
    when,
  ]);
}
