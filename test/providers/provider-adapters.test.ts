import { describe, expect, it } from 'vitest';
import { guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { providerAdapters } from '../../src/adapters/providers/index.ts';
import { PROVIDER_PRESETS } from '../../src/domain/project/provider-presets.ts';
import type { ProviderConfiguration } from '../../src/ports/auth-provider.ts';
import { aConfiguration, aMoment, PUBLIC_URL } from './configurations.ts';
import { HostileProvider } from './hostile-provider.ts';

const adaptersThat = (allowPrivate: boolean) =>
  providerAdapters({ publicUrl: PUBLIC_URL, fetch: guardedFetch({ allowPrivate }), allowPrivate });
type Type = keyof ReturnType<typeof adaptersThat>;

const URLS = {
  authorizeUrl: 'https://there.example/authorize',
  tokenUrl: 'https://there.example/token',
  userinfoUrl: 'https://there.example/me',
};
const RIGHT: Readonly<Record<Type, Partial<ProviderConfiguration>>> = {
  oidc: { issuer: 'https://there.example' },
  oauth2: { ...URLS, mapping: { subject: 'id' } },
  wallet: { clientId: null, clientSecret: null },
};
const faultyFields = (type: Type, given: Partial<ProviderConfiguration>, allowPrivate = false) =>
  adaptersThat(allowPrivate)
    [type].faultsOf(aConfiguration({ type, ...RIGHT[type], ...given }))
    .map(({ field }) => field);

describe('a configuration', () => {
  it.each(['oidc', 'oauth2', 'wallet'] as const)('of type %s with all that is needed is right', (type) => {
    expect(faultyFields(type, {})).toEqual([]);
  });

  it.each(['google', 'microsoft', 'github', 'apple'] as const)('of %s is right with an id and a secret', (preset) => {
    const { type, ...filled } = PROVIDER_PRESETS[preset];
    expect(adaptersThat(false)[type].faultsOf(aConfiguration({ preset, ...filled }))).toEqual([]);
  });

  it.each<[Type, keyof ProviderConfiguration, string]>([
    ['oidc', 'issuer', 'issuer'],
    ['oidc', 'clientId', 'clientId'],
    ['oidc', 'clientSecret', 'clientSecret'],
    ['oauth2', 'authorizeUrl', 'authorizeUrl'],
    ['oauth2', 'tokenUrl', 'tokenUrl'],
    ['oauth2', 'userinfoUrl', 'userinfoUrl'],
    ['oauth2', 'clientId', 'clientId'],
    ['oauth2', 'clientSecret', 'clientSecret'],
    ['oauth2', 'mapping', 'mapping.subject'],
  ])('of type %s needs %s', (type, member, field) => {
    expect(faultyFields(type, { [member]: null })).toEqual([field]);
  });

  it('needs a subject in its mapping', () => {
    expect(faultyFields('oauth2', { mapping: { email: 'email' } })).toEqual(['mapping.subject']);
  });

  describe.each<[Type, string]>([
    ['oidc', 'issuer'],
    ['oauth2', 'authorizeUrl'],
    ['oauth2', 'tokenUrl'],
    ['oauth2', 'userinfoUrl'],
    ['oauth2', 'issuer'],
  ])('of type %s, with its %s', (type, field) => {
    it.each([
      'http://there.example',
      'ftp://there.example',
      'javascript:alert(1)',
      'there.example',
      '',
      'https://user:secret@there.example',
      'https://there.example/#here',
    ])('as %j, is refused', (url) => {
      expect(faultyFields(type, { [field]: url })).toEqual([field]);
    });

    it('in plain HTTP, is right where that is allowed', () => {
      expect(faultyFields(type, { [field]: 'http://127.0.0.1:4000' }, true)).toEqual([]);
      expect(faultyFields(type, { [field]: 'ftp://127.0.0.1:4000' }, true)).toEqual([field]);
    });
  });

  it.each<[Type, readonly string[]]>([
    ['oidc', ['openid', 'two scopes']],
    ['oidc', ['']],
    ['oauth2', ['"quoted"']],
    ['oauth2', ['openid']],
  ])('of type %s does not ask for %j', (type, scopes) => {
    expect(faultyFields(type, { scopes })).toEqual(['scopes']);
  });

  it.each([[[0]], [[-1]], [[1.5]], [[1, Number.MAX_SAFE_INTEGER + 1]]])('has no chains like %j', (chainIds) => {
    expect(faultyFields('wallet', { chainIds })).toEqual(['chainIds']);
  });
});

describe('the ways to sign in that come along', () => {
  it('are there for sixteen who come first at the same time, and are the same for all', async () => {
    await using provider = await HostileProvider.start();
    const { oidc } = adaptersThat(true);
    const configured = aConfiguration({ issuer: provider.issuer });
    const start = () => oidc.start(configured, { state: 's', fresh: false, ...aMoment() });
    const starts = await Promise.all(Array.from({ length: 16 }, start));
    expect(new Set(starts.map(({ memo }) => memo)).size).toBe(16);
    expect(provider.asked).toEqual(['discovery']);
  });

  it.each<[Type, RegExp]>([
    ['oauth2', /^https:\/\/there\.example\/authorize\?/],
    ['wallet', /^https:\/\/iam\.example\/wallet\/there$/],
  ])('send people on by %s', async (type, where) => {
    const wallet = { address: `0x${'0'.repeat(40)}`, chainId: 1 };
    const configured = aConfiguration({ type, ...RIGHT[type] });
    const started = await adaptersThat(false)[type].start(configured, {
      state: 's',
      fresh: false,
      wallet,
      ...aMoment(),
    });
    expect(started.redirectUrl).toMatch(where);
  });
});
