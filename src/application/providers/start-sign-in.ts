import type { ProviderId } from '../../domain/project/auth-provider.ts';
import { assertSignInOpen } from '../../domain/project/project.ts';
import type { Wallet } from '../../ports/auth-provider.ts';
import type { Visitor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { AuthorizationRequests, StartedAtProvider } from './authorization-requests.ts';
import type { OpenedProviders } from './opened-providers.ts';

interface StartSignInDeps {
  readonly knownProjects: KnownProjects;
  readonly openedProviders: OpenedProviders;
  readonly authorizationRequests: AuthorizationRequests;
}

/** Sends somebody to a provider, to sign in. */
export class StartSignIn {
  readonly #deps: StartSignInDeps;
  constructor(deps: StartSignInDeps) {
    this.#deps = deps;
  }

  /**
   * `verifier`: one that the browser holds already.
   * @throws IamError `not-found` for a provider that is not on offer, `sign-in-closed`, `validation-error`, `unavailable`
   */
  async execute(
    visitor: Visitor,
    input: {
      readonly providerId: ProviderId;
      readonly returnTo?: string | undefined;
      readonly wallet?: Wallet | undefined;
      readonly verifier?: string | undefined;
    },
  ): Promise<StartedAtProvider> {
    const { knownProjects, openedProviders, authorizationRequests } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const opened = await openedProviders.byId(project.id, input.providerId);
    const { returnTo, wallet, verifier } = input;
    return authorizationRequests.open(project.id, opened, { intent: 'sign-in', returnTo, wallet, verifier });
  }
}
