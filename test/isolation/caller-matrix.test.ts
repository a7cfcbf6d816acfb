import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWKS_MAX_AGE_SECONDS } from '../../src/domain/project/signing-key.ts';
import { operationsOf } from '../http/every-operation.ts';
import { anOwner } from '../http/v1-people.ts';
import type { Answer, V1World } from '../http/v1-world.ts';
import { CALLER_NAMES, CALLERS, type CallerName } from './callers.ts';
import { EXPECTED, LETTERS, type Row, rowOf, tableOf } from './expected-matrix.ts';
import { aQuickWorld } from './quick-world.ts';
import { send } from './sent.ts';
import { VALID } from './valid-requests.ts';

/** When the owner of the platform has done these, nobody signs them in with the old password alone. */
const SPOILING: readonly string[] = [
  'POST /auth/change-password',
  'POST /auth/mfa/verify',
  'POST /auth/mfa/disable',
  'POST /tenants',
];

let shared: V1World;
beforeAll(async () => {
  shared = await aQuickWorld();
  shared.clock.advance(JWKS_MAX_AGE_SECONDS);
});

const observed = new Map<string, Row>();
afterAll(() => {
  // biome-ignore lint/suspicious/noConsole: the table is to be seen
  console.log(`Who may do what, as observed:\n\n${tableOf(observed)}\n`);
});

async function outcome(operation: string, name: CallerName): Promise<string> {
  const world = name === 'platform' && SPOILING.includes(operation) ? await aQuickWorld() : shared;
  const { self: selfOf, by, password } = CALLERS[name];
  const host = await anOwner(world);
  const self = await selfOf(world, host);
  const request = await VALID[operation]?.({ world, host, self, password });
  if (request === undefined) throw new Error(`No request for ${operation}`);
  return letterOf(await send(world, request, await by(world, host, self)));
}

function letterOf({ status, problem }: Answer): string {
  if (problem === undefined) return String(status);
  return LETTERS[problem as keyof typeof LETTERS] ?? `${status} ${problem}`;
}

describe('who may do what', () => {
  it.each([...EXPECTED])('%s', async (operation, expected) => {
    const cells: string[] = [];
    for (const caller of CALLER_NAMES) cells.push(await outcome(operation, caller));
    const row = rowOf(cells);
    observed.set(operation, row);
    expect(row).toEqual(expected);
  });

  it('is said of every operation of v1', async () => {
    const document = await (await shared.app.request('/openapi.json')).json();
    const served = operationsOf(document).filter(({ gate }) => !gate);
    const names = served.map(({ method, template }) => `${method} ${template.replace('/api/v1', '')}`);
    const said = [...EXPECTED.keys()].map((name) => name.split(' ').slice(0, 2).join(' '));
    expect([...new Set(said)].sort()).toEqual(names.sort());
  });
});
