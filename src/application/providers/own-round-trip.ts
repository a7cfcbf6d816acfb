import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState, ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProviderIntent } from '../../domain/session/authorization-request.ts';
import type { ExternalIdentity, ProviderAnswer } from '../../ports/auth-provider.ts';
import type { UserActor } from '../actor.ts';
import type { AuthorizationRequests } from './authorization-requests.ts';
import type { OpenedProviders } from './opened-providers.ts';
import type { RefusalTrace } from './refusal-trace.ts';

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
  readonly #refusalTrace: RefusalTrace;

  constructor(deps: {
    readonly openedProviders: OpenedProviders;
    readonly authorizationRequests: AuthorizationRequests;
    readonly refusalTrace: RefusalTrace;
  }) {
    this.#openedProviders = deps.openedProviders;
    this.#authorizationRequests = deps.authorizationRequests;
    this.#refusalTrace = deps.refusalTrace;
  }

  /**
   * `settle`: what it was for.
   * @throws IamError `token-invalid`, `token-expired`, `not-found`, `invalid-credentials`, `unavailable`, and as `settle`
   */
  async complete<T>(
    actor: UserActor,
    { providerId, state, verifier, answer }: OwnReturn,
    intent: ProviderIntent,
    settle: (provider: AuthProviderState, identity: ExternalIdentity) => Promise<T>,
  ): Promise<T> {
    const back = { projectId: actor.projectId, state, verifier };
    const claim = await this.#authorizationRequests.claim(back, { providerId, intents: [intent] });
    if ('forwardedTo' in claim || !claim.byStarter) throw new IamError('token-invalid');
    const { request } = claim;
    if (request.userId !== actor.userId || request.sessionId !== actor.sessionId) throw new IamError('token-invalid');
    return this.#refusalTrace.of(actor, request, async () => {
      const opened = await this.#openedProviders.byId(actor.projectId, request.providerId);
      return settle(opened.provider, await this.#authorizationRequests.identify(opened, request, answer));
    });
  }
}
