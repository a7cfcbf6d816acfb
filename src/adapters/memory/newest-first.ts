/** Ids are made in order (UUID v7), so the later one is the newer one. */
export function newestFirst<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
