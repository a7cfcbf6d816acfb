import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Figure, Measurement } from './bench.ts';
import { saturate } from './load.ts';
import { interleaved, medianOf } from './rounds.ts';
import { startService } from './service.ts';
import { loginRequests } from './world.ts';

const IDLE_MS = 1_000;
const CONNECTIONS = 16;
const MEGABYTE = 1_000_000;

/** What a process keeps resident that was just started, and at most while people sign in as fast as it lets them. */
export const memory: Measurement = {
  goals: ['10'],
  async run({ plan, world, rounds, seconds: aRun }: Bench): Promise<readonly Figure[]> {
    const seconds = aRun * 2;
    const runs = await interleaved(rounds, async () => {
      await using service = await startService(plan);
      const idle = await service.process.during(() => pause(IDLE_MS));
      const next = loginRequests(world);
      const flood = await service.process.during(() =>
        saturate(service.port, { connections: CONNECTIONS, seconds }, () => ({ request: next() })),
      );
      return { idle: idle.observed.rssBytes / MEGABYTE, flood: flood.observed.rssBytes / MEGABYTE };
    });
    const figure = (what: string, value: number, must: number, aim: number): Figure => {
      return { goal: '10', what, value, unit: 'MB', direction: 'at most', must, aim, beside: {} };
    };
    return [
      figure(
        'resident memory, idle',
        medianOf(runs, ({ idle }) => idle),
        110,
        90,
      ),
      figure(
        'resident memory, under the login flood',
        medianOf(runs, ({ flood }) => flood),
        200,
        150,
      ),
    ];
  },
};
