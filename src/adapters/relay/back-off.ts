const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60 * 1_000;

/**
 * How long to wait after the given number of failures: a second, doubling up to 15 minutes, a random part of up to half
 * of it taken off, so that what failed together does not come back together.
 */
export function backOffMs(failures: number): number {
  const longest = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return longest * (1 - Math.random() / 2);
}
