import type { Bench, Figure, Measurement } from './bench.ts';
import { postgresLimits } from './limits/postgres.ts';
import { signatureLimit } from './limits/signatures.ts';
import { saturate, warmUp } from './load.ts';
import { interleaved, medianOf } from './rounds.ts';
import { openSessions } from './sessions.ts';

const CONNECTIONS = 16;
const WARM_UP_REQUESTS = 4_000;

/** A refresh is a read, a commit and a signature: the signature should be most of it. */
export const refreshes: Measurement = {
  goals: ['3'],
  async run({ service, world, databaseUrl, rounds, seconds }: Bench): Promise<readonly Figure[]> {
    const sessions = await openSessions(service, world, CONNECTIONS);
    await warmUp(service.port, { connections: CONNECTIONS, requests: WARM_UP_REQUESTS }, sessions);
    const database = await postgresLimits(databaseUrl, seconds / 2);
    const runs = await interleaved(rounds, async () => {
      const signatures = signatureLimit(seconds / 2);
      const { result, observed } = await service.process.during(() =>
        saturate(service.port, { connections: CONNECTIONS, seconds }, sessions),
      );
      return {
        signatures,
        result,
        cpuMicros: observed.cpuMicros / result.requests,
        statements: observed.statements / result.requests,
      };
    });
    return [
      {
        goal: '3',
        what: 'refreshes ÷ single-thread RS256 signatures',
        value: medianOf(runs, ({ result, signatures }) => result.perSecond / signatures),
        unit: '',
        direction: 'at least',
        must: 0.45,
        aim: 0.55,
        beside: {
          'refreshes/s': medianOf(runs, ({ result }) => result.perSecond),
          'signatures/s': medianOf(runs, ({ signatures }) => signatures),
          'bare reads/s': database.readsPerSecond,
          'bare rotations/s': database.rotationsPerSecond,
          'CPU µs/refresh': medianOf(runs, ({ cpuMicros }) => cpuMicros),
          'statements/refresh': medianOf(runs, ({ statements }) => statements),
          'p99 ms': medianOf(runs, ({ result }) => result.p99Ms),
        },
      },
    ];
  },
};
