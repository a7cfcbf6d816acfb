import type { Bench, Figure, Measurement } from './bench.ts';
import { argon2Verifies } from './limits/argon2.ts';
import { saturate } from './load.ts';
import { interleaved, medianOf } from './rounds.ts';
import { loginRequests } from './world.ts';

const CONNECTIONS = 16;

/** How much of the machine's hashing is left for people who sign in. */
export const logins: Measurement = {
  goals: ['1', '1b'],
  async run({ service, world, rounds, seconds }: Bench): Promise<readonly Figure[]> {
    const next = loginRequests(world);
    const runs = await interleaved(rounds, async () => {
      const limit = await argon2Verifies(seconds);
      const { result, observed } = await service.process.during(() =>
        saturate(service.port, { connections: CONNECTIONS, seconds }, () => ({ request: next() })),
      );
      const cpuMicros = observed.cpuMicros / result.requests;
      return { limit, result, cpuMicros, statements: observed.statements / result.requests };
    });
    const beside = {
      'logins/s': medianOf(runs, ({ result }) => result.perSecond),
      'verifies/s': medianOf(runs, ({ limit }) => limit.perSecond),
      'CPU µs/login': medianOf(runs, ({ cpuMicros }) => cpuMicros),
      'CPU µs/verify': medianOf(runs, ({ limit }) => limit.cpuMicros),
      'statements/login': medianOf(runs, ({ statements }) => statements),
      'p99 ms': medianOf(runs, ({ result }) => result.p99Ms),
    };
    return [
      {
        goal: '1',
        what: 'logins ÷ raw argon2id verifies',
        value: medianOf(runs, ({ result, limit }) => result.perSecond / limit.perSecond),
        unit: '',
        direction: 'at least',
        must: 0.65,
        aim: 0.77,
        beside,
      },
      {
        goal: '1b',
        what: 'server CPU of a login beyond its hash',
        value: medianOf(runs, ({ cpuMicros, limit }) => (cpuMicros - limit.cpuMicros) / 1000),
        unit: 'ms',
        direction: 'at most',
        must: 1.8,
        aim: 1.3,
        beside: {},
      },
    ];
  },
};
