import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';

type ListSignInProvidersDeps = Pick<Ports, 'authProviderDirectory' | 'providerAdapters'>;

/** What a sign-in page may offer. */
export class ListSignInProviders {
  readonly #deps: ListSignInProvidersDeps;
  constructor(deps: ListSignInProvidersDeps) {
    this.#deps = deps;
  }

  async execute({ projectId }: Visitor): Promise<readonly Pick<AuthProviderState, 'id' | 'name' | 'type'>[]> {
    const { authProviderDirectory, providerAdapters } = this.#deps;
    const providers = await authProviderDirectory.ofProject(projectId);
    const onOffer = providers.filter(({ enabled, type }) => enabled && Object.hasOwn(providerAdapters, type));
    return onOffer.map(({ id, name, type }) => ({ id, name, type }));
  }
}
