import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';

/** What a sign-in page may offer. */
export class ListSignInProviders {
  readonly #deps: Pick<Ports, 'authProviderDirectory'>;
  constructor(deps: Pick<Ports, 'authProviderDirectory'>) {
    this.#deps = deps;
  }

  async execute({ projectId }: Visitor): Promise<readonly Pick<AuthProviderState, 'id' | 'name' | 'type'>[]> {
    const providers = await this.#deps.authProviderDirectory.ofProject(projectId);
    return providers.filter(({ enabled }) => enabled).map(({ id, name, type }) => ({ id, name, type }));
  }
}
