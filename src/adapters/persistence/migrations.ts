import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** Generated, read, and completed by hand. */
export const MIGRATIONS_FOLDER: string = join(PACKAGE_ROOT, 'drizzle');

export interface Migration {
  /** Its place among the others, as the database keeps it. */
  readonly when: number;
  readonly tag: string;
}

/** The names of the migrations that this program knows and the database does not have, in their order. */
export async function missingMigrations(database: Database): Promise<readonly string[]> {
  return (await missing(database)).map(({ tag }) => tag);
}

export async function missing(database: Database): Promise<readonly Migration[]> {
  const latest = await latestMigration(database);
  const { entries } = JSON.parse(await readFile(`${MIGRATIONS_FOLDER}/meta/_journal.json`, 'utf8')) as Journal;
  return entries.filter(({ when }) => when > latest);
}

interface Journal {
  readonly entries: readonly Migration[];
}

export async function latestMigration(database: Database): Promise<number> {
  const [table] = await database.execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (!table?.there) return 0;
  const [applied] = await database.execute<{ latest: string | null }>(
    sql`select max(created_at)::text as latest from drizzle.__drizzle_migrations`,
  );
  return Number(applied?.latest ?? 0);
}
