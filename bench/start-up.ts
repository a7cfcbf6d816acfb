import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Bench, Figure, Measurement } from './bench.ts';
import { answering, freePort } from './ports.ts';
import { interleaved, medianOf } from './rounds.ts';
import { SERVICE } from './service.ts';

const STARTS = 5;

/** From the spawn of a process on a migrated database to its first ready answer. */
export const startUp: Measurement = {
  goals: ['9'],
  async run({ plan }: Bench): Promise<readonly Figure[]> {
    const starts = await interleaved(STARTS, () => start(plan));
    return [
      {
        goal: '9',
        what: 'spawn → /readyz 200',
        value: medianOf(starts, (ms) => ms),
        unit: 'ms',
        direction: 'at most',
        must: 700,
        aim: 500,
        beside: { fastest: Math.min(...starts), slowest: Math.max(...starts) },
      },
    ];
  },
};

async function start(plan: Bench['plan']): Promise<number> {
  const PORT = String(await freePort());
  const startedAt = performance.now();
  const child = spawn(process.execPath, SERVICE, {
    env: { PATH: process.env.PATH, ...plan, PORT },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await answering(Number(PORT), '/readyz');
    return performance.now() - startedAt;
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    await gone;
  }
}
