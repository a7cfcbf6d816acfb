import type { CustomFetch } from 'openid-client';
import type { ProviderAdapter } from '../../ports/auth-provider.ts';
import { OAuth2 } from './oauth2.ts';
import { OpenIdConnect } from './open-id-connect.ts';
import { WalletSignIn } from './wallet-sign-in.ts';

export interface ProviderAdaptersOptions {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Has a deadline, follows no redirect, reads a bounded answer, and goes nowhere that it may not. */
  readonly fetch: CustomFetch;
  /** Whether plain HTTP may be spoken. Which addresses may be asked, `fetch` says. */
  readonly allowPrivate: boolean;
}

/** The ways that come with Castellan. */
export function providerAdapters(
  options: ProviderAdaptersOptions,
): Record<'oidc' | 'oauth2' | 'wallet', ProviderAdapter> {
  return {
    oidc: new OpenIdConnect(options),
    oauth2: new OAuth2(options),
    wallet: new WalletSignIn(options),
  };
}
