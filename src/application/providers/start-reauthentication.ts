import { IamError, invalidField } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { Wallet } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { AuthorizationRequests, StartedAtProvider } from './authorization-requests.ts';
import type { OpenedProviders } from './opened-providers.ts';
import { reliesOnProviders } from './reauthentication.ts';

type StartReauthenticationDeps = Pick<Ports, 'userDirectory' | 'providerLinkDirectory'> & {
  readonly openedProviders: OpenedProviders;
  readonly authorizationRequests: AuthorizationRequests;
};

/** Sends somebody who has neither password nor second factor here to their provider again. */
export class StartReauthentication {
  readonly #deps: StartReauthenticationDeps;
  constructor(deps: StartReauthenticationDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `validation-error` where there is a factor here to show, `not-found` for no provider of theirs, `unavailable` */
  async execute(
    actor: UserActor,
    input: {
      readonly providerId: ProviderId;
      readonly returnTo?: string | undefined;
      readonly wallet?: Wallet | undefined;
    },
  ): Promise<StartedAtProvider> {
    const { userDirectory, providerLinkDirectory, openedProviders, authorizationRequests } = this.#deps;
    const { projectId, userId, sessionId } = actor;
    const user = await userDirectory.byId(projectId, userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (!reliesOnProviders(user)) {
      const field = user.passwordHash === null ? 'mfaCode' : 'password';
      throw invalidField(field, 'is required', 'REQUIRED');
    }
    const links = await providerLinkDirectory.ofUser(projectId, userId);
    if (!links.some(({ providerId }) => providerId === input.providerId)) throw new IamError('not-found');
    const opened = await openedProviders.byId(projectId, input.providerId);
    const { returnTo, wallet } = input;
    const session = { userId, sessionId };
    return authorizationRequests.open(projectId, opened, { intent: 'reauthentication', session, returnTo, wallet });
  }
}
