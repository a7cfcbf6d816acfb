import type { CustomFetch } from 'openid-client';
import type { ProviderAdapter } from '../../ports/auth-provider.ts';
import { oauth2Faults, oidcFaults, walletFaults } from './configuration-faults.ts';
import { LateAdapter } from './late-adapter.ts';

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
  const { allowPrivate } = options;
  return {
    oidc: new LateAdapter(
      (configuration) => oidcFaults(configuration, allowPrivate),
      async () => new (await import('./open-id-connect.ts')).OpenIdConnect(options),
    ),
    oauth2: new LateAdapter(
      (configuration) => oauth2Faults(configuration, allowPrivate),
      async () => new (await import('./oauth2.ts')).OAuth2(options),
    ),
    wallet: new LateAdapter(walletFaults, async () => new (await import('./wallet-sign-in.ts')).WalletSignIn(options)),
  };
}
