import { expect } from 'vitest';

/** Well above the deadline of an answer, and well below what it takes to notice that a server is frozen. */
const NOT_KEPT_WAITING_MS = 2_000;

/** The answer, provided that it came in time. */
export async function inTime<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const answer = await work();
  expect(performance.now() - begun).toBeLessThan(NOT_KEPT_WAITING_MS);
  return answer;
}
