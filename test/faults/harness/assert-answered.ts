import { expect } from 'vitest';
import type { Estate } from './estate.ts';
import type { Tally } from './tally.ts';

const NAMED = 5;

/**
 * Every request was answered in time, with what was asked for or with 503, and no process has died or failed by
 * accident. `cut`: whether connections may have ended before the answer, because the process at the other end did.
 */
export function assertAnswered(estate: Estate, tally: Tally, { cut = false }: { readonly cut?: boolean } = {}): void {
  expect(tally.failures('unanswered')).toEqual([]);
  expect(tally.failures('unreachable')).toEqual([]);
  if (!cut) expect(tally.failures('cut')).toEqual([]);
  expect(tally.strange.slice(0, NAMED)).toEqual([]);
  for (const { crashes } of estate.replicas) expect(crashes).toEqual([]);
}
