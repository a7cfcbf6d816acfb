import { assertSignInOpen } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import type { SignedIn } from '../authentication/sign-in.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { AuthorizationRequests } from './authorization-requests.ts';
import type { ExchangeCodeVault } from './exchange-code-vault.ts';
import type { ProviderEntrance } from './provider-entrance.ts';

type ExchangeCodeDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly authorizationRequests: AuthorizationRequests;
  readonly exchangeCodeVault: ExchangeCodeVault;
  readonly providerEntrance: ProviderEntrance;
};

/** Fetches the outcome of a sign-in that went through a browser. Once, by whoever started it. */
export class ExchangeCode {
  readonly #deps: ExchangeCodeDeps;
  constructor(deps: ExchangeCodeDeps) {
    this.#deps = deps;
  }

  /** @throws IamError as `ExchangeCodeVault.find`, `sign-in-closed`, and as `ProviderEntrance.enter` */
  async execute(visitor: Visitor, input: { readonly code: string; readonly verifier: string }): Promise<SignedIn> {
    const { unitOfWork, knownProjects, authorizationRequests, exchangeCodeVault, providerEntrance, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const verifiers = authorizationRequests.verifierDigests(input.verifier);
    const seen = await unitOfWork.run((repositories) =>
      exchangeCodeVault.find(repositories, project.id, input.code, verifiers, clock.now()),
    );
    return providerEntrance.enter(visitor, project, seen.user, seen.vouched, async (repositories) => {
      const { challenge } = await exchangeCodeVault.find(repositories, project.id, input.code, verifiers, clock.now());
      repositories.signInChallenges.spend(challenge);
    });
  }
}
