import { describe, expect, it } from 'vitest';
import {
  type AuthProvider,
  type AuthProviderChange,
  assertEnabled,
  authProviderView,
  endpointsOf,
} from '../../src/domain/project/auth-provider.ts';
import { PROVIDER_PRESET_NAMES, PROVIDER_PRESETS } from '../../src/domain/project/provider-presets.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';
import { anId, aProvider, aSealedSecret } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const later = secondsAfter(now, 60);
const scope = { projectId: anId<ReturnType<AuthProvider['toState']>['projectId']>() };
const eventsOf = (provider: AuthProvider) => provider.releaseEvents();

describe('a provider', () => {
  it('tells that it came, changed and went, by its name alone', () => {
    const clientSecret = aSealedSecret();
    const provider = aProvider(now, { ...scope, clientSecret });
    provider.change({ name: 'Other', clientSecret: aSealedSecret() }, later);
    provider.remove(later);
    const { projectId } = scope;
    expect(eventsOf(provider)).toEqual([
      { type: 'auth-provider-configured', projectId, providerId: 'acme', occurredAt: now.toISOString() },
      { type: 'auth-provider-changed', projectId, providerId: 'acme', occurredAt: later.toISOString() },
      { type: 'auth-provider-removed', projectId, providerId: 'acme', occurredAt: later.toISOString() },
    ]);
  });

  it('changes in what is given, and in nothing that is left out', () => {
    const clientSecret = aSealedSecret();
    const provider = aProvider(now, { ...scope, clientSecret, scopes: ['openid'] });
    provider.change({ name: 'Other', scopes: [], enabled: false } satisfies AuthProviderChange, later);
    expect(provider.toState()).toMatchObject({
      name: 'Other',
      scopes: [],
      enabled: false,
      clientSecret,
      updatedAt: later,
    });
    const left = { name: undefined, clientSecret: undefined } as unknown as AuthProviderChange;
    provider.change(left, later);
    expect(provider.toState()).toMatchObject({ name: 'Other', clientSecret });
  });

  it('takes the word of whom it took it from at first: of that nothing changes', () => {
    const provider = aProvider(now, scope);
    const before = provider.toState();
    const other = { issuer: 'https://evil.example', type: 'wallet', preset: 'google', id: 'x', projectId: 'y' };
    provider.change({ name: 'Other', ...other } as AuthProviderChange, later);
    expect(provider.toState()).toEqual({ ...before, name: 'Other', updatedAt: later });
  });

  it('is seen without its secret', () => {
    const clientSecret = 'v1.key.iv.tag.canary' as SealedSecret;
    const view = authProviderView(aProvider(now, { ...scope, clientSecret }).toState());
    expect(view).toMatchObject({ id: 'acme', clientId: 'client' });
    expect(JSON.stringify(view)).not.toContain('canary');
  });

  it('signs in by nobody while it is off, or was never there', () => {
    expect(() => assertEnabled(aProvider(now, scope).toState())).not.toThrow();
    expect(() => assertEnabled(aProvider(now, { ...scope, enabled: false }).toState())).toThrowError('not-found');
    expect(() => assertEnabled(undefined)).toThrowError('not-found');
  });
});

describe('what a preset adds', () => {
  it.each(PROVIDER_PRESET_NAMES)('is all that %s needs besides an id and a secret', (preset) => {
    const { type, ...endpoints } = PROVIDER_PRESETS[preset];
    const provider = aProvider(now, { ...scope, type, preset, issuer: null });
    expect(endpointsOf(provider.toState())).toMatchObject(endpoints);
    const { issuer, authorizeUrl, tokenUrl, userinfoUrl } = endpointsOf(provider.toState());
    const urls = type === 'oidc' ? [issuer] : [authorizeUrl, tokenUrl, userinfoUrl];
    for (const url of urls) expect(new URL(url ?? '').protocol).toBe('https:');
  });

  it('gives way to what is configured', () => {
    const issuer = 'https://login.microsoftonline.com/contoso/v2.0';
    const given = { ...scope, preset: 'microsoft', issuer, scopes: ['openid'] } as const;
    expect(endpointsOf(aProvider(now, given).toState())).toMatchObject({ issuer, scopes: ['openid'] });
  });

  it('is nothing without one', () => {
    const provider = aProvider(now, { ...scope, issuer: null });
    expect(endpointsOf(provider.toState())).toEqual({
      issuer: null,
      authorizeUrl: null,
      tokenUrl: null,
      userinfoUrl: null,
      mapping: null,
      scopes: [],
      chainIds: [],
    });
  });
});
