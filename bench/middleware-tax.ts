import { againstBare } from './against-bare.ts';
import { BARE_GET } from './bare-requests.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { requestText } from './connection.ts';

/** What every request pays for the middleware that all of them pass. */
export const middlewareTax: Measurement = {
  goals: ['12'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { extraCpuMicros, beside } = await againstBare(bench, {
      service: [requestText({ method: 'GET', path: '/healthz' })],
      bare: BARE_GET,
    });
    const what = 'GET /healthz − bare GET, server CPU';
    return [{ goal: '12', what, value: extraCpuMicros, unit: 'µs', direction: 'at most', must: 25, aim: 10, beside }];
  },
};
