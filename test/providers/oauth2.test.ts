import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OAuth2 } from '../../src/adapters/providers/oauth2.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';
import { PROVIDER_PRESETS } from '../../src/domain/project/provider-presets.ts';
import type { ProviderConfiguration } from '../../src/ports/auth-provider.ts';
import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';
import { HostileProvider } from './hostile-provider.ts';

const TOKEN_INVALID = { code: 'token-invalid' };
const adapter: RoundTrip = new OAuth2({
  publicUrl: PUBLIC_URL,
  fetch: guardedFetch({ allowPrivate: true }),
  allowPrivate: true,
});

let provider: HostileProvider;
beforeEach(async () => {
  provider = await HostileProvider.start();
});
afterEach(() => provider[Symbol.asyncDispose]());

const configured = (given: Partial<ProviderConfiguration> = {}) =>
  aConfiguration({
    type: 'oauth2',
    authorizeUrl: `${provider.issuer}/authorize?tenant=a`,
    tokenUrl: `${provider.issuer}/token`,
    userinfoUrl: `${provider.issuer}/userinfo`,
    mapping: { subject: 'data.id', email: 'data.mail.address', emailVerified: 'data.mail.proven', name: 'data.name' },
    scopes: ['me', 'mail'],
    ...given,
  });
const github = () =>
  configured({
    preset: 'github',
    ...PROVIDER_PRESETS.github,
    userinfoUrl: `${provider.issuer}/userinfo`,
    tokenUrl: `${provider.issuer}/token`,
  });

async function signIn(configuration = configured(), parameters: Readonly<Record<string, string>> = {}) {
  const { memo } = await adapter.start(configuration, { state: 's', fresh: false, ...aMoment() });
  const answer = redirectedWith({ code: 'a-code', state: 's', ...parameters });
  return adapter.finish(configuration, { memo, answer, now: new Date() });
}
const somebody = (data: Readonly<Record<string, unknown>>) => ({ data: { id: 7, ...data } });

describe('signing in at an OAuth 2.0 provider', () => {
  it('sends people there with PKCE S256 and the state, and proves it when they are back', async () => {
    const { redirectUrl, memo } = await adapter.start(configured(), { state: 's', fresh: false, ...aMoment() });
    const sent = Object.fromEntries(new URL(redirectUrl).searchParams);
    expect(sent).toEqual({
      tenant: 'a',
      client_id: 'castellan',
      response_type: 'code',
      redirect_uri: `${PUBLIC_URL}/api/v1/auth/callback/there`,
      scope: 'me mail',
      state: 's',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    provider.userinfo = somebody({});
    await adapter.finish(configured(), {
      memo,
      answer: redirectedWith({ code: 'a-code', state: 's' }),
      now: new Date(),
    });
    const received = Object.fromEntries(provider.received);
    expect(received).toMatchObject({
      grant_type: 'authorization_code',
      code: 'a-code',
      redirect_uri: sent.redirect_uri,
      client_id: 'castellan',
      client_secret: 'a secret that only the two of them know',
    });
    const proof = createHash('sha256')
      .update(received.code_verifier ?? '')
      .digest('base64url');
    expect(proof).toBe(sent.code_challenge);
  });

  it('knows who came back by the mapped claims', async () => {
    provider.userinfo = somebody({ mail: { address: 'ada@example.test', proven: true }, name: 'Ada' });
    expect(await signIn()).toEqual({
      externalId: '7',
      email: 'ada@example.test',
      emailVerified: true,
      displayName: 'Ada',
      firstName: null,
      lastName: null,
    });
    expect(provider.authorizations.userinfo).toBe('Bearer an-access-token');
  });

  it.each([
    [583231, '583231'],
    ['a-name', 'a-name'],
    [0, '0'],
  ])('knows %j as %s', async (id, externalId) => {
    provider.userinfo = { data: { id } };
    expect(await signIn()).toMatchObject({ externalId });
  });

  it.each([{}, [], true, null, '', 1.5, Number.MAX_SAFE_INTEGER + 1, 'a\0', '\ud800', 'a'.repeat(256)])(
    'lets nobody in who is called %j',
    async (id) => {
      provider.userinfo = { data: { id } };
      await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
    },
  );

  it.each([[], 'data', null, 7, { data: [] }, { 'data.id': 7 }])(
    'lets nobody in of whom it hears %j',
    async (answer) => {
      provider.userinfo = answer;
      await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
    },
  );

  it.each(['constructor.name', '__proto__.constructor.name', 'toString', 'data.id.constructor.name', 'data.length'])(
    'finds nothing at %s: claims are what the answer has itself',
    async (subject) => {
      provider.userinfo = somebody({});
      await expect(signIn(configured({ mapping: { subject } }))).rejects.toMatchObject(TOKEN_INVALID);
    },
  );

  it.each(['true', 1, {}, 'yes', undefined])('takes no address for proven by %j', async (proven) => {
    provider.userinfo = somebody({ mail: { address: 'ada@example.test', proven } });
    expect(await signIn()).toMatchObject({ email: 'ada@example.test', emailVerified: false });
  });

  it('takes no address for proven where nothing is mapped that says so', async () => {
    provider.userinfo = { id: 'ada', email: 'ada@example.test' };
    const mapping = { subject: 'id', email: 'email' };
    expect(await signIn(configured({ mapping }))).toMatchObject({ email: 'ada@example.test', emailVerified: false });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['with another state', { state: 'another' }],
    ['without a code', { code: '' }],
  ])('takes no answer %s, and sends its code nowhere', async (_, parameters) => {
    await expect(signIn(configured(), parameters)).rejects.toMatchObject(TOKEN_INVALID);
    expect(provider.asked).toEqual([]);
  });

  it('takes no answer of another issuer than the configured one (RFC 9207)', async () => {
    provider.userinfo = somebody({});
    const known = configured({ issuer: 'https://there.example' });
    await expect(signIn(known, { iss: 'https://accounts.example' })).rejects.toMatchObject(TOKEN_INVALID);
    expect(provider.asked).toEqual([]);
    expect(await signIn(known, { iss: 'https://there.example' })).toMatchObject({ externalId: '7' });
    expect(await signIn(configured(), { iss: 'https://there.example' })).toMatchObject({ externalId: '7' });
  });

  it('lets nobody in who said no there', async () => {
    const answer = signIn(configured(), { error: 'access_denied' });
    await expect(answer).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('lets nobody in whose code is wrong, also where that is said with 200', async () => {
    const body = '{"error":"bad_verification_code"}';
    for (const status of [200, 400]) {
      provider.listeners = {
        token: (_, response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body),
      };
      await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
    }
  });

  it.each([401, 403, 404])('lets nobody in of whom it is told %i', async (status) => {
    provider.listeners = { userinfo: (_, response) => response.writeHead(status).end('{}') };
    await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each([302, 429, 500])('is unavailable when it is told %i of somebody', async (status) => {
    provider.listeners = { userinfo: (_, response) => response.writeHead(status, { Location: '/x' }).end('{}') };
    await expect(signIn()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('cannot show that somebody has just signed in there, and says so', async () => {
    const attempt = adapter.start(configured(), { state: 's', fresh: true, ...aMoment() });
    await expect(attempt).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'providerId', code: 'NOT_ALLOWED' }] },
    });
  });

  it('to a start at another kind of provider takes no answer', async () => {
    const memo = JSON.stringify({ type: 'oidc', kept: { state: 's', codeVerifier: 'v' } });
    const answer = redirectedWith({ code: 'a-code', state: 's' });
    await expect(adapter.finish(configured(), { memo, answer, now: new Date() })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('of a wallet takes no answer', async () => {
    const { memo } = await adapter.start(configured(), { state: 's', fresh: false, ...aMoment() });
    const answer = { kind: 'signature', signature: '0x00' } as const;
    await expect(adapter.finish(configured(), { memo, answer, now: new Date() })).rejects.toMatchObject(TOKEN_INVALID);
  });
});

describe('signing in at GitHub', () => {
  const primary = { email: 'ada@example.test', primary: true, verified: true };
  const other = { email: 'other@example.test', primary: false, verified: true };
  beforeEach(() => {
    provider.userinfo = { id: 583231, login: 'ada', name: 'Ada', email: 'somebody-else@example.test' };
  });

  it('takes the primary address, and not what stands in a profile', async () => {
    provider.emails = [other, primary];
    expect(await signIn(github())).toMatchObject({
      externalId: '583231',
      email: 'ada@example.test',
      emailVerified: true,
      displayName: 'Ada',
    });
  });

  it.each<[string, unknown]>([
    ['unproven', false],
    ['proven by "true"', 'true'],
    ['proven by nothing', undefined],
  ])('takes a primary address that is %s for unproven', async (_, verified) => {
    provider.emails = [other, { ...primary, verified }];
    expect(await signIn(github())).toMatchObject({ email: 'ada@example.test', emailVerified: false });
  });

  it.each([[[]], [[other]], [{}], [[null, 7]], ['x']])('takes no address out of %j', async (emails) => {
    provider.emails = emails;
    expect(await signIn(github())).toMatchObject({ externalId: '583231', email: null, emailVerified: false });
  });

  it('lets nobody in whose addresses it may not see, though it has asked for them', async () => {
    provider.listeners = { emails: (_, response) => response.writeHead(404).end('{}') };
    await expect(signIn(github())).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('asks for no addresses that it has not asked to see', async () => {
    const identity = await signIn({ ...github(), scopes: ['read:user'] });
    expect(identity).toMatchObject({ externalId: '583231', email: null });
    expect(provider.asked).toEqual(['token', 'userinfo']);
  });
});
