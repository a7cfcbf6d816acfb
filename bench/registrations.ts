import type { Bench, Figure, Measurement } from './bench.ts';
import { requestText } from './connection.ts';
import { argon2Hashes } from './limits/argon2.ts';
import { type Exchange, saturate, warmUp } from './load.ts';
import { everythingTold } from './outbox.ts';
import { interleaved, medianOf } from './rounds.ts';
import { PASSWORD } from './world.ts';

const CONNECTIONS = 16;
const WARM_UP_REQUESTS = 200;

/** An account, its tenant with roles, a session, ten recovery codes and a mail: the one password hash should be most of it. */
export const registrations: Measurement = {
  goals: ['11'],
  async run({ service, databaseUrl, rounds, seconds }: Bench): Promise<readonly Figure[]> {
    const next = newcomers();
    await warmUp(service.port, { connections: CONNECTIONS, requests: WARM_UP_REQUESTS }, next);
    const runs = await interleaved(rounds, async () => {
      // The mails of one round must not slow the next one's limit down.
      await everythingTold(databaseUrl);
      const limit = await argon2Hashes(seconds);
      const { result, observed } = await service.process.during(() =>
        saturate(service.port, { connections: CONNECTIONS, seconds }, next),
      );
      const cpuMicros = observed.cpuMicros / result.requests;
      return { limit, result, cpuMicros, statements: observed.statements / result.requests };
    });
    return [
      {
        goal: '11',
        what: 'registrations with ten recovery codes ÷ raw argon2id hashes',
        value: medianOf(runs, ({ result, limit }) => result.perSecond / limit.perSecond),
        unit: '',
        direction: 'at least',
        must: 0.6,
        aim: 0.75,
        beside: {
          'registrations/s': medianOf(runs, ({ result }) => result.perSecond),
          'hashes/s': medianOf(runs, ({ limit }) => limit.perSecond),
          'CPU µs/registration': medianOf(runs, ({ cpuMicros }) => cpuMicros),
          'CPU µs/hash': medianOf(runs, ({ limit }) => limit.cpuMicros),
          'statements/registration': medianOf(runs, ({ statements }) => statements),
          'p99 ms': medianOf(runs, ({ result }) => result.p99Ms),
        },
      },
    ];
  },
};

/** In the platform project, where everybody founds a tenant of their own. */
function newcomers(): () => Exchange {
  let number = 0;
  return () => {
    number += 1;
    const json = { email: `newcomer-${number}@example.com`, password: PASSWORD };
    return { request: requestText({ method: 'POST', path: '/api/v1/auth/register', json }) };
  };
}
