import { IamError } from '../../domain/errors.ts';
import { type AuthProviderState, assertEnabled, type ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { ProviderAdapter, ProviderConfiguration } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import { providerConfiguration } from './provider-configuration.ts';

/** A provider that may be asked now, and by whom. */
export interface OpenedProvider {
  readonly provider: AuthProviderState;
  readonly configuration: ProviderConfiguration;
  readonly adapter: ProviderAdapter;
}

type OpenedProvidersDeps = Pick<Ports, 'authProviderDirectory' | 'providerAdapters' | 'secretBox'>;

/** Providers as they stand now: one that was switched off a moment ago signs nobody in. */
export class OpenedProviders {
  readonly #deps: OpenedProvidersDeps;
  constructor(deps: OpenedProvidersDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found` for none, one that is switched off, and one of a type that nobody serves */
  async byId(projectId: ProjectId, id: ProviderId): Promise<OpenedProvider> {
    const { authProviderDirectory, providerAdapters, secretBox } = this.#deps;
    const provider = await authProviderDirectory.byId(projectId, id);
    assertEnabled(provider);
    const adapter = Object.hasOwn(providerAdapters, provider.type) ? providerAdapters[provider.type] : undefined;
    if (adapter === undefined) throw new IamError('not-found');
    return { provider, configuration: providerConfiguration(provider, secretBox), adapter };
  }
}
