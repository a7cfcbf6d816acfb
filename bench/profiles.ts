import { againstBare } from './against-bare.ts';
import { bareReads } from './bare-requests.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { bearerRequests } from './world.ts';

/** `me` is a route and one read. */
export const profiles: Measurement = {
  goals: ['5'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { ratio, statements, beside } = await againstBare(bench, {
      service: bearerRequests(bench.world, 'GET', 'me'),
      bare: bareReads(bench.world),
    });
    return [
      {
        goal: '5',
        what: 'statements of GET me',
        // What runs in the background, twice a second and per project, is not the request's.
        value: Math.round(statements * 100) / 100,
        unit: '',
        direction: 'at most',
        must: 1.05,
        aim: 1.05,
        beside: {},
      },
      {
        goal: '5',
        what: 'GET me ÷ bare route with one prepared read',
        value: ratio,
        unit: '',
        direction: 'at least',
        must: 0.75,
        aim: 0.9,
        beside,
      },
    ];
  },
};
