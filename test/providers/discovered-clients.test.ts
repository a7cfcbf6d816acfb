import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OpenIdConnect } from '../../src/adapters/providers/open-id-connect.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';

import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';
import { type Endpoint, HostileProvider } from './hostile-provider.ts';

let provider: HostileProvider;
beforeEach(async () => {
  provider = await HostileProvider.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await provider[Symbol.asyncDispose]();
});

function anAdapter(keepMs?: number): RoundTrip {
  const fetch = guardedFetch({ allowPrivate: true });
  return new OpenIdConnect({
    publicUrl: PUBLIC_URL,
    fetch,
    allowPrivate: true,
    ...(keepMs === undefined ? {} : { keepMs }),
  });
}

const configured = () => aConfiguration({ issuer: provider.issuer });
const start = (adapter: RoundTrip) => adapter.start(configured(), { state: 's', fresh: false, ...aMoment() });

async function signIn(adapter: RoundTrip) {
  const { redirectUrl, memo } = await start(adapter);
  provider.idToken = await provider.sign(provider.claims(new URL(redirectUrl).searchParams.get('nonce') ?? ''));
  const answer = redirectedWith({ code: 'a-code', state: 's' });
  return adapter.finish(configured(), { memo, answer, now: new Date() });
}

const timesAsked = (endpoint: Endpoint) => provider.asked.filter((asked) => asked === endpoint).length;

describe('what a provider publishes', () => {
  it('is asked once by sixteen who start at the same time', async () => {
    const adapter = anAdapter();
    await Promise.all(Array.from({ length: 16 }, () => start(adapter)));
    expect(provider.asked).toEqual(['discovery']);
  });

  it('is asked once, keys too, by sixteen who come back at the same time', async () => {
    const adapter = anAdapter();
    const starts = await Promise.all(Array.from({ length: 16 }, () => start(adapter)));
    const identities = await Promise.all(
      starts.map(async ({ memo }) => {
        // The same for all: the token endpoint cannot tell them apart.
        const shared = JSON.stringify({ ...JSON.parse(memo), kept: { ...JSON.parse(memo).kept, nonce: 'shared' } });
        provider.idToken = await provider.sign(provider.claims('shared'));
        const answer = redirectedWith({ code: 'a-code', state: 's' });
        return adapter.finish(configured(), { memo: shared, answer, now: new Date() });
      }),
    );
    expect(identities.map(({ externalId }) => externalId)).toEqual(Array(16).fill('ada'));
    expect([timesAsked('discovery'), timesAsked('jwks')]).toEqual([1, 1]);
  });

  it('is asked again when it is too old', async () => {
    const adapter = anAdapter(0);
    await start(adapter);
    await start(adapter);
    expect(timesAsked('discovery')).toBe(2);
  });

  it('is not kept when it is nothing', async () => {
    const adapter = anAdapter();
    provider.listeners = { discovery: (_, response) => response.writeHead(404).end() };
    await expect(start(adapter)).rejects.toMatchObject({ code: 'unavailable' });
    provider.listeners = {};
    expect(await start(adapter)).toMatchObject({ redirectUrl: expect.stringContaining(provider.issuer) });
  });

  it('is kept of those that were asked last, and not of everybody for ever', async () => {
    const adapter = anAdapter();
    const startAs = (clientId: string) =>
      adapter.start({ ...configured(), clientId }, { state: 's', fresh: false, ...aMoment() });
    for (let i = 0; i <= 200; i += 1) await startAs(`client-${i}`);
    await startAs('client-200');
    expect(timesAsked('discovery')).toBe(201);
    await startAs('client-0');
    expect(timesAsked('discovery')).toBe(202);
  });

  it('is another for another client', async () => {
    const adapter = anAdapter();
    const clientIds = ['one', 'two'];
    const starts = clientIds.map((clientId) =>
      adapter.start({ ...configured(), clientId }, { state: 's', fresh: false, ...aMoment() }),
    );
    const sent = (await Promise.all(starts)).map(({ redirectUrl }) =>
      new URL(redirectUrl).searchParams.get('client_id'),
    );
    expect(sent).toEqual(clientIds);
  });
});

describe('a new key of a provider', () => {
  it('is fetched when a token names it, at most once a minute whatever tokens name', async () => {
    const adapter = anAdapter();
    await signIn(adapter);
    await provider.rotate('second');
    await expect(signIn(adapter)).rejects.toMatchObject({ code: 'token-invalid' });
    expect(timesAsked('jwks')).toBe(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect(await signIn(adapter)).toMatchObject({ externalId: 'ada' });
    expect(timesAsked('jwks')).toBe(2);
  });
});
