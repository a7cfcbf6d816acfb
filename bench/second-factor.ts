import type { Bench, Figure, Measurement } from './bench.ts';
import { requestText } from './connection.ts';
import { crowd, type Member } from './crowd.ts';
import { type Exchange, saturate, warmUp } from './load.ts';
import { givePhones } from './phones.ts';
import { interleaved, medianOf } from './rounds.ts';
import { PASSWORD, type World } from './world.ts';

const CONNECTIONS = 16;
/** A code is good for one login of one person: more people than log in within one run. */
const PEOPLE = 600;
/** The two rates are close: more and shorter rounds tell them apart in the moods of a machine. */
const ROUNDS = 3;

/** What a second factor adds to a login. Over v1, where it is one request either way. */
export const secondFactor: Measurement = {
  goals: ['1c'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { service, world, rounds } = bench;
    const seconds = bench.seconds / 2;
    const people = (name: string) => Array.from({ length: PEOPLE }, (_, number) => `${name}-${number}@example.com`);
    const bare = await crowd(bench, people('bare'));
    const enrolled = await crowd(bench, people('enrolled'));
    await using phones = await givePhones(bench, enrolled);
    const without = async () => logins(world, bare, {});
    const withCode = async () => logins(world, enrolled, { mfaCode: await phones.freshCode() });

    const measured = async (next: () => Exchange) => {
      const { result, observed } = await service.process.during(() =>
        saturate(service.port, { connections: CONNECTIONS, seconds, requests: PEOPLE }, next),
      );
      return {
        perSecond: result.perSecond,
        cpuMicros: observed.cpuMicros / result.requests,
        statements: observed.statements / result.requests,
      };
    };
    // Everybody once, so that their network is known, as it is to most who log in.
    for (const next of [await without(), await withCode()]) {
      await warmUp(service.port, { connections: CONNECTIONS, requests: PEOPLE }, next);
    }
    const runs = await interleaved(rounds * ROUNDS, async () => ({
      limit: await measured(await without()),
      figure: await measured(await withCode()),
    }));
    return [
      {
        goal: '1c',
        what: 'logins with TOTP ÷ logins without',
        value: medianOf(runs, ({ figure, limit }) => figure.perSecond / limit.perSecond),
        unit: '',
        direction: 'at least',
        must: 0.95,
        aim: 0.95,
        beside: {
          'logins/s': medianOf(runs, ({ figure }) => figure.perSecond),
          'without TOTP': medianOf(runs, ({ limit }) => limit.perSecond),
          'CPU µs/login': medianOf(runs, ({ figure }) => figure.cpuMicros),
          'CPU µs without': medianOf(runs, ({ limit }) => limit.cpuMicros),
          'CPU ratio': medianOf(runs, ({ figure, limit }) => limit.cpuMicros / figure.cpuMicros),
          'statements/login': medianOf(runs, ({ figure }) => figure.statements),
          'statements without': medianOf(runs, ({ limit }) => limit.statements),
        },
      },
    ];
  },
};

/** One login of each, over v1. */
function logins({ projectId }: World, people: readonly Member[], more: { readonly mfaCode?: string }): () => Exchange {
  const headers = { 'X-Project-Id': projectId };
  let turn = 0;
  return () => {
    const json = { email: people[turn]?.email, password: PASSWORD, ...more };
    turn += 1;
    return { request: requestText({ method: 'POST', path: '/api/v1/auth/login', headers, json }) };
  };
}
