import { median } from './statistics.ts';

/** Limit, figure, limit, figure: `run` does both, so that whatever else the machine does falls on both alike. */
export async function interleaved<Round>(rounds: number, run: () => Promise<Round>): Promise<readonly Round[]> {
  const results: Round[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await run());
  return results;
}

export function medianOf<Round>(rounds: readonly Round[], pick: (round: Round) => number): number {
  return median(rounds.map(pick));
}
