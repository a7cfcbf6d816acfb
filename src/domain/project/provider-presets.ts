import type { ClaimMapping } from './auth-provider.ts';

export const PROVIDER_PRESET_NAMES = ['google', 'microsoft', 'github', 'apple'] as const;
export type ProviderPreset = (typeof PROVIDER_PRESET_NAMES)[number];

interface Preset {
  readonly type: 'oidc' | 'oauth2';
  readonly issuer?: string;
  readonly authorizeUrl?: string;
  readonly tokenUrl?: string;
  readonly userinfoUrl?: string;
  readonly mapping?: ClaimMapping;
  readonly scopes: readonly string[];
}

/** Providers of which only an id and a secret are asked. */
export const PROVIDER_PRESETS: Readonly<Record<ProviderPreset, Preset>> = {
  google: { type: 'oidc', issuer: 'https://accounts.google.com', scopes: ['openid', 'email', 'profile'] },
  microsoft: {
    type: 'oidc',
    issuer: 'https://login.microsoftonline.com/common/v2.0',
    scopes: ['openid', 'email', 'profile'],
  },
  github: {
    type: 'oauth2',
    authorizeUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    userinfoUrl: 'https://api.github.com/user',
    mapping: { subject: 'id', name: 'name' },
    scopes: ['read:user', 'user:email'],
  },
  apple: { type: 'oidc', issuer: 'https://appleid.apple.com', scopes: ['openid', 'email', 'name'] },
};
