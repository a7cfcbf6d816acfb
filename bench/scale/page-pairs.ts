import { Connection } from '../connection.ts';
import { pagesOf } from './pages.ts';
import type { Town } from './town.ts';

/** What pages took, in milliseconds, one by one. */
export interface PageTimings {
  readonly small: readonly number[];
  readonly big: readonly number[];
}

export interface PagePairs extends AsyncDisposable {
  /** Of as many pages at some depth of both lists. */
  timings(depth: () => number, count: number): Promise<PageTimings>;
}

/** One list in two towns, asked in turns, a page at a time: whatever else the machine does falls on both alike. */
export async function pagePairs(small: Town, big: Town, filter: (town: Town) => string): Promise<PagePairs> {
  const [here, there] = await Promise.all([pagesOf(small, filter(small)), pagesOf(big, filter(big))]);
  const connections = await Promise.all([Connection.open(small.service.port), Connection.open(big.service.port)]);
  const timed = async (connection: Connection, request: string) => {
    const sentAt = performance.now();
    await connection.send(request);
    return performance.now() - sentAt;
  };
  return {
    async timings(depth, count) {
      const timings = { small: [] as number[], big: [] as number[] };
      for (let pair = 0; pair < count; pair += 1) {
        timings.small.push(await timed(connections[0], here.at(depth())));
        timings.big.push(await timed(connections[1], there.at(depth())));
      }
      return timings;
    },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.close();
    },
  };
}
