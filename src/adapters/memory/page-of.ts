import type { Page, PageRequest } from '../../ports/directories/page.ts';
import { newestFirst } from './newest-first.ts';

export function pageOf<State extends { readonly id: string }>(
  states: readonly State[],
  { after, limit }: PageRequest<string>,
): Page<State> {
  const rest = newestFirst(after === undefined ? states : states.filter(({ id }) => id < after));
  return { items: rest.slice(0, limit), hasMore: rest.length > limit };
}
