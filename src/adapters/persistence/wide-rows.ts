import { getTableColumns, is, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { parsedJson } from './queries/json.ts';

/** What wide rows are made of: whole tables, and expressions that are JSON. */
export type WideRow = Readonly<Record<string, PgTable | SQL>>;

interface Place {
  readonly part: string;
  readonly property: string;
  readonly column: PgColumn;
}

/**
 * Rows of several tables, each sent as one JSON array. A driver works by the column, and describing and reading fifty
 * of them costs more than the rest of the read: `GET me` takes 205 µs of CPU instead of 275.
 */
export class WideRows<Row> {
  readonly #places: readonly (Place | string)[];

  /** `parts` as they are selected. */
  constructor(parts: WideRow) {
    this.#places = Object.entries(parts).flatMap(([part, source]): readonly (Place | string)[] =>
      is(source, SQL)
        ? [part]
        : Object.entries(getTableColumns(source)).map(([property, column]) => ({ part, property, column })),
    );
  }

  text(select: string): string {
    const names = this.#places.map((_, index) => `c${index}`).join(', ');
    return `select json_build_array(${names}) from (${select}) as wide(${names})`;
  }

  rowOf(array: unknown): Row {
    const values = parsedJson<readonly unknown[]>(array);
    const row: Record<string, unknown> = {};
    for (const [index, place] of this.#places.entries()) {
      const value = values[index];
      if (typeof place === 'string') row[place] = value;
      else {
        row[place.part] ??= {};
        (row[place.part] as Record<string, unknown>)[place.property] =
          value === null ? null : place.column.mapFromDriverValue(value);
      }
    }
    return row as Row;
  }
}
