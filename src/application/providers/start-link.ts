import { IamError } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import { isUnproven } from '../../domain/user/account-standing.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Wallet } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { AuthorizationRequests, StartedAtProvider } from './authorization-requests.ts';
import type { OpenedProviders } from './opened-providers.ts';

type StartLinkDeps = Pick<Ports, 'userDirectory'> & {
  readonly stepUp: StepUp;
  readonly openedProviders: OpenedProviders;
  readonly authorizationRequests: AuthorizationRequests;
};

/** Sends somebody who is signed in to a provider, to sign in with it from now on, too. */
export class StartLink {
  readonly #deps: StartLinkDeps;
  constructor(deps: StartLinkDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden` for another person, `reauthentication-required`, `email-not-verified`, `not-found` for a
   * provider that is not on offer, `validation-error`, `unavailable`, `token-invalid`
   */
  async execute(
    actor: UserActor,
    input: {
      readonly userId: UserId;
      readonly providerId: ProviderId;
      readonly returnTo?: string | undefined;
      readonly wallet?: Wallet | undefined;
    },
  ): Promise<StartedAtProvider> {
    const { userDirectory, stepUp, openedProviders, authorizationRequests } = this.#deps;
    const { projectId, userId, sessionId } = actor;
    if (input.userId !== userId) throw new IamError('forbidden', {});
    await stepUp.assert(actor);
    const user = await userDirectory.byId(projectId, userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (isUnproven(user)) throw new IamError('email-not-verified');
    const opened = await openedProviders.byId(projectId, input.providerId);
    const { returnTo, wallet } = input;
    return authorizationRequests.open(projectId, opened, {
      intent: 'link',
      session: { userId, sessionId },
      returnTo,
      wallet,
    });
  }
}
