import { getTableName, sql } from 'drizzle-orm';
import type { MemoryStore } from '../../src/adapters/memory/index.ts';
import type { Database } from '../../src/adapters/persistence/index.ts';
import * as schema from '../../src/adapters/persistence/schema/index.ts';
import { rowsOf } from '../support/store-dump.ts';

/** Every row of the store that has one of the names in it. */
export function rowsInMemory(store: MemoryStore, names: readonly string[]): readonly string[] {
  return rowsOf(store).filter((row) => names.some((name) => row.includes(name)));
}

/** Every row of the database that has one of the names in it. */
export async function rowsInPostgres(database: Database, names: readonly string[]): Promise<readonly string[]> {
  const tables = Object.values(schema).map((table) => getTableName(table));
  const selects = tables.map(
    (table) =>
      sql`select ${table} || ' ' || t::text as row from ${sql.identifier(table)} t where t::text ~ ${names.join('|')}`,
  );
  const rows = await database.execute<{ readonly row: string }>(sql`${sql.join(selects, sql` union all `)} order by 1`);
  return rows.map(({ row }) => row);
}

/** Rows that have come, and rows that have gone. */
export function changesBetween(before: readonly string[], after: readonly string[]): readonly string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((row) => !has.has(row)).map((row) => `- ${row}`),
    ...after.filter((row) => !had.has(row)).map((row) => `+ ${row}`),
  ];
}
