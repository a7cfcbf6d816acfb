import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

export type Row = Readonly<Record<string, unknown>>;

/** What the commit statement needs to know of a table, read from its schema once. */
export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, PgColumn>>;
  readonly names: readonly string[];
}

const shapes = new WeakMap<PgTable, TableShape>();

export function shapeOf(table: PgTable): TableShape {
  const known = shapes.get(table);
  if (known) return known;
  const columns = getTableColumns(table);
  const shape = { name: getTableName(table), columns, names: Object.keys(columns) };
  shapes.set(table, shape);
  return shape;
}

/** The name in the database, quoted. */
export function quoted({ columns, name }: TableShape, property: string): string {
  return `"${columnOf(columns, property, name).name}"`;
}

/** The value as every driver takes it. */
export function encoded({ columns, name }: TableShape, property: string, row: Row): unknown {
  const value = row[property];
  return value === undefined || value === null ? null : columnOf(columns, property, name).mapToDriverValue(value);
}

function columnOf(columns: TableShape['columns'], property: string, table: string): PgColumn {
  const column = columns[property];
  if (!column) throw new Error(`${table} has no column for ${property}`);
  return column;
}
