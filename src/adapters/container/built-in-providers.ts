import type { ProviderAdapter, ProviderAdapters, ProviderConfiguration } from '../../ports/auth-provider.ts';
import { guardedFetch } from '../outbound/guarded-fetch.ts';
import { providerAdapters } from '../providers/index.ts';

interface BuiltInProvidersOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Whether plain HTTP and private addresses may be asked. */
  readonly allowPrivate: boolean;
  /** Told what led to a refusal, where something did: to the person it is a word, to the operator a secret mistyped. */
  readonly onTrouble?: (trouble: ProviderTrouble) => void;
}

export interface ProviderTrouble extends Pick<ProviderConfiguration, 'id' | 'projectId'> {
  readonly cause: unknown;
}

/** The ways to sign in that come with Castellan, led to the open network alone. */
export function builtInProviders({
  publicUrl,
  allowPrivate,
  onTrouble = () => {},
}: BuiltInProvidersOptions): ProviderAdapters {
  const adapters = providerAdapters({ publicUrl, allowPrivate, fetch: guardedFetch({ allowPrivate }) });
  return Object.fromEntries(Object.entries(adapters).map(([type, adapter]) => [type, telling(adapter, onTrouble)]));
}

function telling(adapter: ProviderAdapter, onTrouble: (trouble: ProviderTrouble) => void): ProviderAdapter {
  const tell =
    ({ id, projectId }: ProviderConfiguration) =>
    (refusal: unknown): never => {
      if (refusal instanceof Error && refusal.cause !== undefined) onTrouble({ id, projectId, cause: refusal.cause });
      throw refusal;
    };
  return {
    faultsOf: (configuration) => adapter.faultsOf(configuration),
    start: (configuration, input) => adapter.start(configuration, input).catch(tell(configuration)),
    finish: (configuration, input) => adapter.finish(configuration, input).catch(tell(configuration)),
  };
}
