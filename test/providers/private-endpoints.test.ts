import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OAuth2 } from '../../src/adapters/providers/oauth2.ts';
import { OpenIdConnect } from '../../src/adapters/providers/open-id-connect.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';
import type { ProviderConfiguration } from '../../src/ports/auth-provider.ts';
import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';
import { HostileProvider } from './hostile-provider.ts';

const LEADS_INSIDE = { cause: { message: 'the name leads inside' } };
const OUTSIDE = 'https://idp.example';

let provider: HostileProvider;
beforeAll(async () => {
  provider = await HostileProvider.start();
});
afterAll(() => provider[Symbol.asyncDispose]());

/** Whatever is on the open network is answered; every name of anything else leads to the address. */
function behind(address: string) {
  const outside = guardedFetch({ allowPrivate: true });
  const guarded = guardedFetch({
    allowPrivate: false,
    resolve: async () => [{ address, family: address.includes(':') ? 6 : 4 }],
  });
  const fetch: typeof guarded = (url, request) =>
    url.startsWith(OUTSIDE) ? outside(url.replace(OUTSIDE, provider.issuer), request) : guarded(url, request);
  return { publicUrl: PUBLIC_URL, fetch, allowPrivate: false };
}

async function signIn(adapter: RoundTrip, configured: ProviderConfiguration) {
  const { redirectUrl, memo } = await adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
  const claims = provider.claims(new URL(redirectUrl).searchParams.get('nonce') ?? '');
  const { email: _, ...withoutEmail } = claims;
  provider.idToken = await provider.sign({ ...withoutEmail, iss: OUTSIDE });
  const answer = redirectedWith({ code: 'a-code', state: 's' });
  return adapter.finish(configured, { memo, answer, now: new Date() });
}

const published = {
  issuer: OUTSIDE,
  authorization_endpoint: `${OUTSIDE}/authorize`,
  token_endpoint: `${OUTSIDE}/token`,
  jwks_uri: `${OUTSIDE}/jwks`,
  userinfo_endpoint: `${OUTSIDE}/userinfo`,
};
const INSIDE = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00:ec2::254'];

describe('a provider outside', () => {
  it('is asked where all that it names is outside', async () => {
    provider.metadata = published;
    provider.userinfo = { sub: 'ada' };
    const adapter = new OpenIdConnect(behind('10.0.0.1'));
    expect(await signIn(adapter, aConfiguration({ issuer: OUTSIDE }))).toMatchObject({ externalId: 'ada' });
  });

  describe.each(['token_endpoint', 'jwks_uri', 'userinfo_endpoint'])('whose %s', (name) => {
    it.each(INSIDE)('leads to %s leads nobody in', async (address) => {
      provider.metadata = { ...published, [name]: 'https://inner.example/x' };
      const attempt = signIn(new OpenIdConnect(behind(address)), aConfiguration({ issuer: OUTSIDE }));
      await expect(attempt).rejects.toMatchObject({ code: 'unavailable', cause: LEADS_INSIDE });
    });

    it('is an address inside leads nobody in', async () => {
      provider.metadata = { ...published, [name]: 'https://169.254.169.254/latest/meta-data/' };
      const attempt = signIn(new OpenIdConnect(behind('10.0.0.1')), aConfiguration({ issuer: OUTSIDE }));
      await expect(attempt).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('is not encrypted leads nobody in', async () => {
      provider.metadata = { ...published, [name]: 'http://idp.example/x' };
      const attempt = signIn(new OpenIdConnect(behind('10.0.0.1')), aConfiguration({ issuer: OUTSIDE }));
      await expect(attempt).rejects.toMatchObject({ code: 'token-invalid' });
    });
  });

  it.each(['tokenUrl', 'userinfoUrl'])(
    'that speaks OAuth 2.0 alone, with a %s inside, leads nobody in',
    async (name) => {
      const configured = aConfiguration({
        type: 'oauth2',
        authorizeUrl: `${OUTSIDE}/authorize`,
        tokenUrl: `${OUTSIDE}/token`,
        userinfoUrl: `${OUTSIDE}/userinfo`,
        mapping: { subject: 'sub' },
        [name]: 'https://inner.example/x',
      });
      provider.metadata = published;
      provider.listeners = {
        token: (_, response) => {
          response.setHeader('Content-Type', 'application/json');
          response.end('{"access_token":"a","token_type":"bearer"}');
        },
      };
      const { redirectUrl, memo } = await new OAuth2(behind('10.0.0.1')).start(configured, {
        state: 's',
        fresh: false,
      });
      expect(redirectUrl).toContain(OUTSIDE);
      const answer = redirectedWith({ code: 'a-code', state: 's' });
      const attempt = new OAuth2(behind('10.0.0.1')).finish(configured, { memo, answer });
      await expect(attempt).rejects.toMatchObject({ code: 'unavailable', cause: LEADS_INSIDE });
      provider.listeners = {};
    },
  );
});
