import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';
import { MIGRATIONS_FOLDER } from '../../src/adapters/persistence/index.ts';

/** As the program before did that knew no migration after this one, counted from 0. */
export async function migrateOnlyTo(client: pg.Client, last: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'castellan-migrations-'));
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  await applyMigrations(drizzle({ client }), { migrationsFolder: folder });
  await rm(folder, { recursive: true });
}
