import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { JWKS_MAX_AGE_SECONDS } from '../../src/domain/project/signing-key.ts';
import { anOwner } from '../http/v1-people.ts';
import { OWNER, PASSWORD, type V1World } from '../http/v1-world.ts';
import { CALLERS } from '../isolation/callers.ts';
import { send } from '../isolation/sent.ts';
import { VALID } from '../isolation/valid-requests.ts';
import { inMemoryProviders, MEMO_CANARY } from '../support/a-provider.ts';
import { aWatchedWorld, type WatchedWorld } from './canary/a-watched-world.ts';
import { badRequests } from './canary/bad-requests.ts';
import { Canaries } from './canary/canaries.ts';
import { gateLife } from './canary/gate-life.ts';

/** What the owner of the platform cannot do without losing the way in. */
const SPOILING = ['POST /auth/change-password', 'POST /auth/mfa/verify', 'POST /auth/mfa/disable', 'POST /tenants'];

const canaries = new Canaries();
const SECRETS_OF_ERRORS = {
  message: `Failed query: select $1\nparams: ${canaries.made('statement')}`,
  detail: `Key (password)=(${canaries.made('detail')}) already exists.`,
  parameters: [canaries.made('parameter')],
  input: `postgres://castellan:${canaries.made('database-password')}@db/x`,
};

/** How a dependency fails; nothing of what it says may be told. */
type Failure = 'not at all' | 'by accident' | 'not there' | 'with a quotation';
const FAILURES: Readonly<Record<Exclude<Failure, 'not at all'>, () => Error>> = {
  'by accident': () => Object.assign(new Error(SECRETS_OF_ERRORS.message), SECRETS_OF_ERRORS),
  'not there': () => {
    const cause = new Error(`cannot reach redis://user:${canaries.made('cache-password')}@cache:6379`);
    return Object.assign(new IamError('unavailable', { retryAfterSeconds: 1 }), { cause });
  },
  'with a quotation': () => new SyntaxError(`Unexpected token, "${canaries.made('quotation')}" is not valid JSON`),
};

let failure: Failure = 'not at all';
const unlessFailing = <T>(work: () => Promise<T>): Promise<T> =>
  failure === 'not at all' ? work() : Promise.reject(FAILURES[failure]());

let watched: WatchedWorld;
let world: V1World;
let told: Awaited<ReturnType<WatchedWorld['told']>>;
let gateStatuses: readonly number[];
let bad: number;
const driven = new Set<string>();

/** Without what tells requests for the same one apart. */
function nameOf(operation: string): string {
  return operation.split(' ', 2).join(' ');
}

async function everyOperation(name: 'owner' | 'platform' | 'member'): Promise<void> {
  const { self: selfOf, by, password } = CALLERS[name];
  for (const [operation, make] of Object.entries(VALID)) {
    if (name === 'platform' && SPOILING.includes(operation)) continue;
    const host = await anOwner(world);
    const self = await selfOf(world, host);
    const request = await make({ world, host, self, password });
    const caller = await by(world, host, self);
    if ((await send(world, request, caller)).status < 400) driven.add(nameOf(operation));
    for (const kind of Object.keys(FAILURES) as (keyof typeof FAILURES)[]) {
      failure = kind;
      await send(world, request, caller);
      failure = 'not at all';
    }
  }
}

/** Of a provider, at its first and at its second writing. */
async function aClientSecret(): Promise<void> {
  const token = await world.owner();
  const path = `/projects/${world.platform.id}/providers`;
  const provider = { id: 'globex', type: 'oidc', name: 'Globex', clientId: 'c', issuer: 'https://id.globex.test' };
  await world.post(path, { ...provider, clientSecret: canaries.made('client-secret') }, { token });
  const change = { clientSecret: canaries.made('client-secret') };
  expect((await world.call('PATCH', `${path}/globex`, { token, body: change })).status).toBe(200);
}

beforeAll(async () => {
  for (const secret of [OWNER.password, PASSWORD, MEMO_CANARY]) canaries.is('given', secret);
  const providers = inMemoryProviders();
  watched = await aWatchedWorld(canaries, {
    providerAdapters: Object.fromEntries(
      Object.entries(providers).map(([type, adapter]) => [
        type,
        {
          faultsOf: (configuration) => adapter.faultsOf(configuration),
          start: (...asked) => unlessFailing(() => adapter.start(...asked)),
          finish: (...asked) => unlessFailing(() => adapter.finish(...asked)),
        },
      ]),
    ) as typeof providers,
    ports: ({ unitOfWork, rateLimiter }) => ({
      unitOfWork: { run: (work) => unlessFailing(() => unitOfWork.run(work)) },
      rateLimiter: {
        hit: (...asked) => unlessFailing(() => rateLimiter.hit(...asked)),
        peek: (...asked) => unlessFailing(() => rateLimiter.peek(...asked)),
      },
    }),
  });
  ({ world } = watched);
  world.clock.advance(JWKS_MAX_AGE_SECONDS);
  gateStatuses = await gateLife(world, canaries);
  await everyOperation('owner');
  await everyOperation('platform');
  await everyOperation('member');
  await aClientSecret();
  bad = await badRequests(world, canaries);
  told = await watched.told();
}, 300_000);
afterAll(() => watched[Symbol.dispose]());

describe('whatever is done, and whatever goes wrong with it', () => {
  it('is done: every operation of both APIs, and over a whole life of accounts', () => {
    expect(gateStatuses.filter((status) => status >= 400)).toEqual([401, 401]);
    const refused = Object.keys(VALID).filter((operation) => !driven.has(nameOf(operation)));
    expect(refused).toEqual([]);
    expect(bad).toBeGreaterThan(300);
    expect(canaries.size).toBeGreaterThan(1_000);
  });

  it('is told of everywhere: the nets are not empty', () => {
    const sizes = Object.fromEntries(Object.entries(told).map(([where, texts]) => [where, texts.length]));
    expect(Math.min(...Object.values(sizes)), JSON.stringify(sizes)).toBeGreaterThan(100);
    for (const text of ['a request failed', 'Failed query', 'POST', '/api/v1/auth/login']) {
      expect(
        told.log.some((line) => line.includes(text)),
        text,
      ).toBe(true);
    }
  });

  it('would be seen: a secret is found where it is, in every form', () => {
    const canary = canaries.made('planted');
    const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64url')];
    for (const form of forms) expect(canaries.toldBy(`{"text":"${form}"}`)).toHaveLength(1);
    expect(canaries.toldBy('{"text":"canary"}')).toEqual([]);
  });

  it.each(['log', 'metrics', 'spans', 'records', 'events'] as const)('tells %s no secret', (where) => {
    expect(canaries.toldBy(told[where].join('\n'))).toEqual([]);
  });
});
