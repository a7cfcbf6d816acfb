import type { ProviderAdapters } from '../../ports/auth-provider.ts';
import { guardedFetch } from '../outbound/guarded-fetch.ts';
import { providerAdapters } from '../providers/index.ts';

interface BuiltInProvidersOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Whether plain HTTP and private addresses may be asked. */
  readonly allowPrivate: boolean;
}

/** The ways to sign in that come with Castellan, led to the open network alone. */
export function builtInProviders({ publicUrl, allowPrivate }: BuiltInProvidersOptions): ProviderAdapters {
  return providerAdapters({ publicUrl, allowPrivate, fetch: guardedFetch({ allowPrivate }) });
}
