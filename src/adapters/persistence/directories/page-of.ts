import type { Page } from '../../../ports/directories/page.ts';
import { type Stored, stateOf } from '../rows.ts';

/** Of rows that were asked for with one more than the page holds. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  request: { readonly limit: number },
  itemOf: (row: Row) => Item,
): Page<Item>;
export function pageOf<Row extends Stored<object>>(
  rows: readonly Row[],
  request: { readonly limit: number },
): Page<Omit<Row, 'version'>>;
export function pageOf<Row extends Stored<object>>(
  rows: readonly Row[],
  { limit }: { readonly limit: number },
  itemOf: (row: Row) => unknown = stateOf,
): Page<unknown> {
  return { items: rows.slice(0, limit).map((row) => itemOf(row)), hasMore: rows.length > limit };
}
