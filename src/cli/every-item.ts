interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

const LIMIT = 100;

/** All pages of a list, one after the other. */
export async function everyItem<Id extends string, Item extends { readonly id: Id }>(
  page: (request: { readonly after: Id | undefined; readonly limit: number }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let more = true;
  while (more) {
    const { items, hasMore } = await page({ after: found.at(-1)?.id, limit: LIMIT });
    found.push(...items);
    more = hasMore;
  }
  return found;
}

/** A list as the API shows it where there is no more of it. */
export function wholeList(data: readonly object[]): object {
  return { data, pagination: { nextCursor: null, hasMore: false } };
}
