import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OpenIdConnect } from '../../src/adapters/providers/open-id-connect.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';

import { aBrowserAt, OidcProvider } from '../support/oidc-provider.ts';
import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';

const REDIRECT_URI = `${PUBLIC_URL}/api/v1/auth/callback/there`;
const ADA = { email: 'ada@example.test', email_verified: true, name: 'Ada L.', given_name: 'Ada', family_name: 'L.' };
const adapter: RoundTrip = new OpenIdConnect({
  publicUrl: PUBLIC_URL,
  fetch: guardedFetch({ allowPrivate: true }),
  allowPrivate: true,
});

let provider: OidcProvider;
let saysAll: OidcProvider;
beforeAll(async () => {
  provider = await OidcProvider.start({ redirectUris: [REDIRECT_URI] });
  saysAll = await OidcProvider.start({ redirectUris: [REDIRECT_URI], claimsInToken: true });
  for (const { accounts } of [provider, saysAll]) accounts.set('ada', ADA);
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await saysAll[Symbol.asyncDispose]();
});

const configured = ({ issuer, client }: OidcProvider) => aConfiguration({ issuer, ...client });
const start = (at: OidcProvider, { state = 'a-state', fresh = false } = {}) =>
  adapter.start(configured(at), { state, fresh, ...aMoment() });
const finish = (at: OidcProvider, memo: string, returned: URL) => {
  const answer = redirectedWith(Object.fromEntries(returned.searchParams));
  return adapter.finish(configured(at), { memo, answer, now: new Date() });
};

describe('signing in at an OpenID provider', () => {
  it('sends people there with PKCE S256, the state and a nonce, each new', async () => {
    const [one, two] = [await start(provider), await start(provider)];
    const [first, second] = [new URL(one.redirectUrl).searchParams, new URL(two.redirectUrl).searchParams];
    expect(Object.fromEntries(first)).toEqual({
      client_id: 'castellan',
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid email profile',
      state: 'a-state',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(second.get('nonce')).not.toBe(first.get('nonce'));
    expect(second.get('code_challenge')).not.toBe(first.get('code_challenge'));
    expect(one.redirectUrl).not.toContain(JSON.parse(one.memo).kept.codeVerifier);
  });

  it.each(['of userinfo', 'of the ID token'])('knows who came back by the claims %s', async (where) => {
    const at = where === 'of userinfo' ? provider : saysAll;
    const { redirectUrl, memo } = await start(at);
    const returned = await aBrowserAt(at).signIn(redirectUrl, 'ada');
    expect(await finish(at, memo, returned)).toEqual({
      externalId: 'ada',
      email: 'ada@example.test',
      emailVerified: true,
      displayName: 'Ada L.',
      firstName: 'Ada',
      lastName: 'L.',
    });
  });

  it('takes a code once', async () => {
    const { redirectUrl, memo } = await start(provider);
    const returned = await aBrowserAt(provider).signIn(redirectUrl, 'ada');
    await finish(provider, memo, returned);
    await expect(finish(provider, memo, returned)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('takes no code that was fetched for another start: its verifier is another', async () => {
    const [mine, theirs] = [await start(provider), await start(provider)];
    const returned = await aBrowserAt(provider).signIn(theirs.redirectUrl, 'ada');
    await expect(finish(provider, mine.memo, returned)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('takes no answer with another state', async () => {
    const { redirectUrl, memo } = await start(provider);
    const returned = await aBrowserAt(provider).signIn(redirectUrl, 'ada');
    returned.searchParams.set('state', 'another');
    await expect(finish(provider, memo, returned)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it.each(['another', 'none'])('takes no answer with %s issuer, where one is announced (RFC 9207)', async (which) => {
    const { redirectUrl, memo } = await start(provider);
    const returned = await aBrowserAt(provider).signIn(redirectUrl, 'ada');
    expect(returned.searchParams.get('iss')).toBe(provider.issuer);
    if (which === 'none') returned.searchParams.delete('iss');
    else returned.searchParams.set('iss', saysAll.issuer);
    await expect(finish(provider, memo, returned)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('lets nobody in who said no there', async () => {
    const { redirectUrl, memo } = await start(provider);
    const returned = await aBrowserAt(provider).cancel(redirectUrl);
    expect(returned.searchParams.get('error')).toBe('access_denied');
    await expect(finish(provider, memo, returned)).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('lets nobody in with a secret that is not right', async () => {
    const wrong = { ...configured(provider), clientSecret: 'not the one' };
    const { redirectUrl, memo } = await start(provider);
    const returned = await aBrowserAt(provider).signIn(redirectUrl, 'ada');
    const answer = redirectedWith(Object.fromEntries(returned.searchParams));
    const attempt = adapter.finish(wrong, { memo, answer, now: new Date() });
    await expect(attempt).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('has people show their factors anew when that is what is wanted', async () => {
    const browser = aBrowserAt(provider);
    await browser.signIn((await start(provider)).redirectUrl, 'ada');
    const { redirectUrl, memo } = await start(provider, { fresh: true });
    const asked = new URL(redirectUrl).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
    expect(await finish(provider, memo, await browser.signIn(redirectUrl, 'ada'))).toMatchObject({ externalId: 'ada' });
  });

  it('takes no old session for a fresh one when somebody has cut the request short', async () => {
    const browser = aBrowserAt(provider);
    await browser.signIn((await start(provider)).redirectUrl, 'ada');
    const { redirectUrl, memo } = await start(provider, { fresh: true });
    const cut = new URL(redirectUrl);
    cut.searchParams.delete('prompt');
    cut.searchParams.delete('max_age');
    await expect(finish(provider, memo, await browser.signIn(cut.href, 'ada'))).rejects.toMatchObject({
      code: 'token-invalid',
    });
  });
});
