import { IamError } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProviderIntent } from '../../domain/session/authorization-request.ts';
import type { ExternalIdentity, ProviderAnswer } from '../../ports/auth-provider.ts';
import type { UserActor } from '../actor.ts';
import type { AuthorizationRequests } from './authorization-requests.ts';
import type { OpenedProvider, OpenedProviders } from './opened-providers.ts';

/** What somebody who is signed in brings back themselves. */
export interface OwnReturn {
  /** Where they do not say: the one that they were sent to. */
  readonly providerId?: ProviderId | undefined;
  readonly state: string;
  readonly verifier: string;
  readonly answer: ProviderAnswer;
}

/** The end of a round trip that was started in this very session. */
export class OwnRoundTrip {
  readonly #openedProviders: OpenedProviders;
  readonly #authorizationRequests: AuthorizationRequests;

  constructor(deps: {
    readonly openedProviders: OpenedProviders;
    readonly authorizationRequests: AuthorizationRequests;
  }) {
    this.#openedProviders = deps.openedProviders;
    this.#authorizationRequests = deps.authorizationRequests;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `not-found`, `invalid-credentials`, `unavailable` */
  async complete(
    actor: UserActor,
    { providerId, state, verifier, answer }: OwnReturn,
    intent: ProviderIntent,
  ): Promise<OpenedProvider & { readonly identity: ExternalIdentity }> {
    const back = { projectId: actor.projectId, state, verifier };
    const claim = await this.#authorizationRequests.claim(back, { providerId, intents: [intent] });
    if ('forwardedTo' in claim || !claim.byStarter) throw new IamError('token-invalid');
    const { request } = claim;
    if (request.userId !== actor.userId || request.sessionId !== actor.sessionId) throw new IamError('token-invalid');
    const opened = await this.#openedProviders.byId(actor.projectId, request.providerId);
    const identity = await this.#authorizationRequests.identify(opened, request, answer);
    return { ...opened, identity };
  }
}
