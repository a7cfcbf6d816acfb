import type { JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OpenIdConnect } from '../../src/adapters/providers/open-id-connect.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';
import { PROVIDER_PRESETS } from '../../src/domain/project/provider-presets.ts';

import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';
import { HostileProvider } from './hostile-provider.ts';

const { issuer = '' } = PROVIDER_PRESETS.microsoft;
const [CONTOSO, FABRIKAM] = ['0f5b7a3c-0000-4000-8000-000000000001', '0f5b7a3c-0000-4000-8000-000000000002'];
const issuerOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;

let provider: HostileProvider;
let adapter: RoundTrip;
beforeEach(async () => {
  provider = await HostileProvider.start();
  provider.metadata = { issuer: issuerOf('{tenantid}') };
  const ask = guardedFetch({ allowPrivate: true });
  adapter = new OpenIdConnect({
    publicUrl: PUBLIC_URL,
    // What is published at Microsoft's address is published here.
    fetch: (url, request) => ask(url.replace(issuer, provider.issuer), request),
    allowPrivate: true,
  });
});
afterEach(() => provider[Symbol.asyncDispose]());

async function signIn(claims: JWTPayload) {
  const configured = aConfiguration({ issuer, preset: 'microsoft' });
  const { redirectUrl, memo } = await adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
  const right = provider.claims(new URL(redirectUrl).searchParams.get('nonce') ?? '');
  provider.idToken = await provider.sign({ ...right, iss: issuerOf(CONTOSO), tid: CONTOSO, ...claims });
  const answer = redirectedWith({ code: 'a-code', state: 's' });
  return adapter.finish(configured, { memo, answer, now: new Date() });
}

describe('signing in at any tenant of Microsoft', () => {
  it('tells people of two tenants apart who have one subject', async () => {
    const one = await signIn({ sub: 'ada' });
    const other = await signIn({ sub: 'ada', tid: FABRIKAM, iss: issuerOf(FABRIKAM) });
    expect([one.externalId, other.externalId]).toEqual([`${CONTOSO}:ada`, `${FABRIKAM}:ada`]);
  });

  it.each<[string, JWTPayload]>([
    ['of another issuer', { iss: 'https://accounts.example' }],
    ['of one tenant in the name of another', { tid: FABRIKAM }],
    ['of no tenant', { tid: undefined }],
    ['of no tenant, as the template would have it', { tid: undefined, iss: issuerOf('undefined') }],
    ['of the template itself', { iss: issuerOf('{tenantid}') }],
  ])('lets nobody in with a token %s', async (_, claims) => {
    await expect(signIn(claims)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('does not take an address for proven that an administrator elsewhere may have written', async () => {
    const claims = { email: 'owner@victim.example', email_verified: true };
    expect(await signIn(claims)).toMatchObject({ email: 'owner@victim.example', emailVerified: false });
  });

  it.each([
    [true, true],
    ['true', false],
    ['1', false],
    [1, false],
    [false, false],
  ])('takes an address for proven when Microsoft vouches for its domain by %j: %s', async (vouched, emailVerified) => {
    expect(await signIn({ xms_edov: vouched })).toMatchObject({ emailVerified });
  });
});
