import { againstBare } from './against-bare.ts';
import { BARE_GET } from './bare-requests.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { requestText } from './connection.ts';

/** The published keys are a ready-made text. */
export const jwks: Measurement = {
  goals: ['6'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const path = `/api/v1/pub/${bench.world.projectId}/.well-known/jwks.json`;
    const { ratio, beside } = await againstBare(bench, {
      service: [requestText({ method: 'GET', path })],
      bare: BARE_GET,
    });
    const what = 'JWKS ÷ bare GET';
    return [{ goal: '6', what, value: ratio, unit: '', direction: 'at least', must: 0.75, aim: 0.9, beside }];
  },
};
