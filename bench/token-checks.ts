import { againstBare } from './against-bare.ts';
import { BARE_POST } from './bare-requests.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { bearerRequests } from './world.ts';

/** A warm token check costs no I/O and no cryptography. */
export const tokenChecks: Measurement = {
  goals: ['4'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { ratio, beside } = await againstBare(bench, {
      service: bearerRequests(bench.world, 'POST', 'verify'),
      bare: BARE_POST,
    });
    const what = 'POST verify ÷ bare POST';
    return [{ goal: '4', what, value: ratio, unit: '', direction: 'at least', must: 0.75, aim: 0.85, beside }];
  },
};
