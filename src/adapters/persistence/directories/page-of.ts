import type { Page } from '../../../ports/directories/page.ts';
import { type Stored, stateOf } from '../rows.ts';

/** Of rows that were asked for with one more than the page holds. */
export function pageOf<Row extends Stored<object>>(
  rows: readonly Row[],
  { limit }: { readonly limit: number },
): Page<Omit<Row, 'version'>> {
  return { items: rows.slice(0, limit).map(stateOf), hasMore: rows.length > limit };
}
