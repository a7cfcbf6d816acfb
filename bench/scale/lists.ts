import type { Figure } from '../bench.ts';
import { interleaved, medianOf } from '../rounds.ts';
import { median, percentile } from '../statistics.ts';
import { type PagePairs, pagePairs } from './page-pairs.ts';
import type { Town } from './town.ts';

const WARM_UP_PAIRS = 50;
const PAIRS_A_SECOND = 100;

const FILTERS: readonly (readonly [name: string, filter: (town: Town) => string])[] = [
  ['no filter', () => ''],
  ['includeDeleted', () => 'includeDeleted=true'],
  ['status of most', () => 'status=active'],
  ['status of few', () => 'status=disabled'],
  ['role of all', () => 'role=member'],
  ['role of some', () => 'role=support'],
  ['search for a letter', () => 'search=k'],
  ['search for two letters', () => 'search=kj'],
  ['search for an address', ({ someMember }) => `search=${encodeURIComponent(someMember)}`],
  ['letter, in a role of some', () => 'search=k&role=support'],
  ['letter, in a role of few', () => 'search=k&role=admin'],
  ['letter, status and role', () => 'search=k&status=active&role=support'],
];

const DEPTHS: Readonly<Record<string, () => number>> = {
  first: () => 0,
  middle: () => 0.25 + Math.random() / 2,
  end: () => 1,
};

/** How much longer the slowest pages take in a big town, whatever the filter and however deep. */
export async function lists(
  small: Town,
  big: Town,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [name, filter] of FILTERS) {
    await using pairs = await pagePairs(small, big, filter);
    const byDepth: Depth[] = [];
    for (const [depth, at] of Object.entries(DEPTHS)) {
      byDepth.push(await atDepth(depth, pairs, at, rounds, seconds * PAIRS_A_SECOND));
    }
    const worst = byDepth.reduce((one, other) => (other.ratio > one.ratio ? other : one));
    figures.push({
      goal: '8',
      what: `GET users, ${name}: p99 with ${big.size.users} ÷ with ${small.size.users}, worst depth`,
      value: worst.ratio,
      unit: '',
      direction: 'at most',
      must: 3,
      aim: 2,
      beside: {
        ...Object.fromEntries(byDepth.map(({ depth, ratio }) => [`${depth} page`, ratio])),
        'p99 ms': worst.bigMs,
        'p99 ms of the small': worst.smallMs,
        'p50 ratio': worst.p50Ratio,
      },
    });
  }
  return figures;
}

interface Depth {
  readonly depth: string;
  readonly ratio: number;
  readonly smallMs: number;
  readonly bigMs: number;
  readonly p50Ratio: number;
}

async function atDepth(
  depth: string,
  pairs: PagePairs,
  at: () => number,
  rounds: number,
  count: number,
): Promise<Depth> {
  await pairs.timings(at, WARM_UP_PAIRS);
  const runs = await interleaved(rounds, () => pairs.timings(at, count));
  return {
    depth,
    ratio: medianOf(runs, ({ small, big }) => percentile(big, 99) / percentile(small, 99)),
    smallMs: medianOf(runs, ({ small }) => percentile(small, 99)),
    bigMs: medianOf(runs, ({ big }) => percentile(big, 99)),
    p50Ratio: medianOf(runs, ({ small, big }) => median(big) / median(small)),
  };
}
