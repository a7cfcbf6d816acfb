import type { Bench, Figure, Measurement } from './bench.ts';
import { inTurn, paced, saturate } from './load.ts';
import { interleaved, medianOf } from './rounds.ts';
import { openSessions } from './sessions.ts';
import { bearerRequests, loginRequests } from './world.ts';

const LOGINS = 16;
const VERIFY = { connections: 8, perSecond: 200 } as const;
const REFRESH = { connections: 16, perSecond: 50 } as const;

/** Who is signed in already must not feel how many others sign in. */
export const underFlood: Measurement = {
  goals: ['2'],
  async run({ service, world, rounds, seconds: aRun }: Bench): Promise<readonly Figure[]> {
    const { port } = service;
    const seconds = aRun * 2;
    const login = loginRequests(world);
    const sessions = await openSessions(service, world, REFRESH.connections);
    const check = inTurn(bearerRequests(world, 'POST', 'verify'));
    const runs = await interleaved(rounds, () =>
      service.process.during(async () => {
        const [logins, verify, refresh] = await Promise.all([
          saturate(port, { connections: LOGINS, seconds }, () => ({ request: login() })),
          paced(port, { ...VERIFY, seconds }, check),
          paced(port, { ...REFRESH, seconds }, sessions),
        ]);
        return { logins, verify, refresh };
      }),
    );
    const figure = (what: string, value: number, must: number, aim: number): Figure => {
      return { goal: '2', what, value, unit: 'ms', direction: 'at most', must, aim, beside: {} };
    };
    const loopDelay = medianOf(runs, ({ observed }) => observed.loopDelayP99Ms);
    return [
      {
        ...figure('under 16 parallel logins: event-loop delay p99', loopDelay, 10, 6),
        beside: { 'logins/s': medianOf(runs, ({ result }) => result.logins.perSecond) },
      },
      {
        ...figure(
          'verify p99 at 200/s',
          medianOf(runs, ({ result }) => result.verify.p99Ms),
          20,
          12,
        ),
        beside: { 'p50 ms': medianOf(runs, ({ result }) => result.verify.p50Ms) },
      },
      {
        ...figure(
          'refresh p99 at 50/s',
          medianOf(runs, ({ result }) => result.refresh.p99Ms),
          60,
          30,
        ),
        beside: { 'p50 ms': medianOf(runs, ({ result }) => result.refresh.p50Ms) },
      },
    ];
  },
};
