import type { Bench, Figure, Measurement } from './bench.ts';
import { interleaved, medianOf } from './rounds.ts';
import { lists } from './scale/lists.ts';
import { lookups } from './scale/lookups.ts';
import { refresher } from './scale/refreshes.ts';
import { VILLAGE } from './scale/size.ts';
import { openTown, type Town } from './scale/town.ts';
import { throwawayTown } from './scale/town-database.ts';

/** Rates are close to each other: more and shorter rounds tell them apart in the moods of a machine. */
const ROUNDS = 3;

/** What does not depend on how many there are must not. A small town and a big one, each with a service of its own. */
export const atScale: Measurement = {
  goals: ['8', '8b'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const smtpUrl = bench.plan.SMTP_URL ?? '';
    await using city = await cityOf(bench, smtpUrl);
    // Beside it, on the same server.
    await using village = await throwawayTown(city.url, smtpUrl, VILLAGE, tell);
    await using small = await openTown(village.url, smtpUrl);
    await using big = await openTown(city.url, smtpUrl);
    return [...(await lists(small, big, bench)), ...(await rates(small, big, bench))];
  },
};

async function cityOf(
  { town, databaseUrl }: Bench,
  smtpUrl: string,
): Promise<{ readonly url: string } & AsyncDisposable> {
  if (typeof town !== 'string') return throwawayTown(databaseUrl, smtpUrl, town, tell);
  // Whoever has made it keeps it.
  return { url: town, [Symbol.asyncDispose]: async () => {} };
}

function tell(line: string): void {
  console.error(`  ${line}`);
}

async function rates(small: Town, big: Town, { rounds, seconds }: Bench): Promise<readonly Figure[]> {
  await using there = await lookups(small);
  await using here = await lookups(big);
  const refreshes = { small: await refresher(small), big: await refresher(big) };
  const compared = async (
    what: string,
    ofSmall: (seconds: number) => Promise<number>,
    ofBig: (seconds: number) => Promise<number>,
  ): Promise<Figure> => {
    const runs = await interleaved(rounds * ROUNDS, async () => ({
      small: await ofSmall(seconds / 2),
      big: await ofBig(seconds / 2),
    }));
    return {
      goal: '8b',
      what,
      value: medianOf(runs, (run) => run.big / run.small),
      unit: '',
      direction: 'at least',
      must: 0.7,
      aim: 0.8,
      beside: { 'per second': medianOf(runs, (run) => run.big), 'of the small': medianOf(runs, (run) => run.small) },
    };
  };
  const people = `with ${big.size.users} users ÷ with ${small.size.users}`;
  const sessions = `with ${big.size.sessions} sessions ÷ with ${small.size.sessions}`;
  return [
    await compared(`look-ups by address ${people}`, there.people, here.people),
    await compared(`look-ups of standings ${sessions}`, there.standings, here.standings),
    await compared(`refreshes ${sessions}`, refreshes.small, refreshes.big),
  ];
}
