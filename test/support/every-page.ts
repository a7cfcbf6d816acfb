import type { Page, PageRequest } from '../../src/ports/directories/page.ts';

/** Everything that a list has, page after page; fails where a page says that there is more and there is not. */
export async function everyPage<Id extends string, Item>(
  limit: number,
  page: (request: PageRequest<Id>) => Promise<Page<Item>>,
  idOf: (item: Item) => Id = (item) => (item as { readonly id: Id }).id,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let after: Id | undefined; ; ) {
    const { items: next, hasMore } = await page({ after, limit });
    items.push(...next);
    const last = next.at(-1);
    if (hasMore && (next.length !== limit || last === undefined))
      throw new Error('a short page says that there is more');
    if (!hasMore || last === undefined) return items;
    after = idOf(last);
  }
}
