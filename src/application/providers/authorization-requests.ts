import { IamError, invalidField } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import {
  AuthorizationRequest,
  type AuthorizationRequestId,
  type AuthorizationRequestState,
  assertInTime,
  type ProviderIntent,
  type WantedRequest,
} from '../../domain/session/authorization-request.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { ExternalIdentity, ProviderAnswer, Wallet } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Policy } from '../policy.ts';
import { acceptableIdentity } from './acceptable-identity.ts';
import type { OpenedProvider } from './opened-providers.ts';

/** What whoever starts is given: the verifier is theirs alone, the state travels. */
export interface StartedAtProvider {
  readonly redirectUrl: string;
  readonly state: string;
  readonly verifier: string;
  readonly expiresAt: Date;
  /** For a wallet: what it is to sign, and the nonce in it. */
  readonly challenge: { readonly message: string; readonly nonce: string } | undefined;
}

interface Departure {
  readonly intent: ProviderIntent;
  /** Whose session it is for. */
  readonly session?: { readonly userId: UserId; readonly sessionId: SessionId };
  readonly returnTo?: string | undefined;
  readonly wallet?: Wallet | undefined;
  /** One that the browser holds already. */
  readonly verifier?: string | undefined;
}

/** Who has come back with a state. */
export interface Claim {
  readonly request: AuthorizationRequestState;
  /** Whether the verifier was shown, and right: whoever has come is whoever started. */
  readonly byStarter: boolean;
}

const STATE_CONTEXT = 'authorization-request';
const VERIFIER_CONTEXT = 'provider-verifier';
const STATE_PREFIX = 'ps_';
const VERIFIER_PREFIX = 'pv_';

type AuthorizationRequestsDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'secretBox' | 'idGenerator' | 'clock'> & {
  readonly policy: Policy;
};

/** People on their way to a provider and back. A state is good once, for one provider, intent and starter. */
export class AuthorizationRequests {
  readonly #deps: AuthorizationRequestsDeps;
  constructor(deps: AuthorizationRequestsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `validation-error` for a `returnTo` that is not allowed, and for no wallet; `unavailable` */
  async open(projectId: ProjectId, opened: OpenedProvider, departure: Departure): Promise<StartedAtProvider> {
    const { unitOfWork, secretIssuer, secretBox, idGenerator, clock } = this.#deps;
    const returnTo = this.#allowed(departure.returnTo);
    const issued = secretIssuer.token(STATE_CONTEXT, STATE_PREFIX);
    const state = `${projectId}.${issued.secret}`;
    const verifier = departure.verifier ?? secretIssuer.token(VERIFIER_CONTEXT, VERIFIER_PREFIX).secret;
    const [verifierDigest] = secretIssuer.digests(VERIFIER_CONTEXT, verifier);
    if (verifierDigest === undefined) throw new TypeError('a secret has a digest under the present key');
    const { provider, adapter, configuration } = opened;
    const now = clock.now();
    const expiresAt = AuthorizationRequest.expiryFrom(now);
    const fresh = departure.intent === 'reauthentication';
    const started = await adapter.start(configuration, { state, fresh, wallet: departure.wallet, now, expiresAt });
    const id = idGenerator.next<AuthorizationRequestId>();
    const request = AuthorizationRequest.open(
      {
        id,
        projectId,
        providerId: provider.id,
        intent: departure.intent,
        digest: issued.digest,
        verifierDigest,
        userId: departure.session?.userId ?? null,
        sessionId: departure.session?.sessionId ?? null,
        returnTo,
        memo: secretBox.seal(started.memo, bindingOf(projectId, id)),
      },
      now,
    );
    await unitOfWork.run(async ({ authorizationRequests }) => authorizationRequests.save(request));
    return { redirectUrl: started.redirectUrl, state, verifier, expiresAt, challenge: started.challenge };
  }

  /**
   * Spends the state, whatever comes of it; a wrong verifier spends it too (v1-api.md §4). Somebody without a verifier
   * who is not signing in is only passing through: the page that they go on to can claim it. `ofBrowser`: a verifier
   * that came with the request by itself; it was made for signing in, and says nothing of anything else.
   * @throws IamError `token-invalid`
   */
  async claim(
    back: {
      readonly projectId: ProjectId;
      readonly state: string;
      readonly verifier: string | undefined;
      readonly ofBrowser?: string | undefined;
    },
    wanted: WantedRequest,
  ): Promise<Claim | { readonly forwardedTo: string }> {
    const { unitOfWork, secretIssuer } = this.#deps;
    const { projectId, state, ofBrowser } = back;
    const digests = secretIssuer.digests(STATE_CONTEXT, secretOf(projectId, state));
    const outcome = await unitOfWork.run(async ({ authorizationRequests }) => {
      const found = await authorizationRequests.byDigest(projectId, digests);
      if (found === undefined) throw new IamError('token-invalid');
      const request = found.toState();
      const signingIn = request.intent === 'sign-in';
      const verifier = back.verifier ?? (signingIn ? ofBrowser : undefined);
      if (verifier === undefined && request.returnTo !== null && !signingIn) {
        found.assertFor(wanted);
        return { forwardedTo: request.returnTo, found, request, verifier };
      }
      authorizationRequests.spend(found);
      return { forwardedTo: undefined, found, request, verifier };
    });
    if (outcome.forwardedTo !== undefined) return { forwardedTo: outcome.forwardedTo };
    // Only now: thrown inside `run`, this would leave the state unspent.
    const { found, request, verifier } = outcome;
    found.assertFor(wanted);
    const byStarter = verifier !== undefined && this.#isVerifier(verifier, request);
    if (!byStarter && (verifier !== undefined || request.returnTo === null)) throw new IamError('token-invalid');
    return { request, byStarter };
  }

  /** Who the provider says it is, of somebody who came back in time. @throws IamError `token-expired`, and as `ProviderAdapter.finish` */
  async identify(
    { adapter, configuration }: OpenedProvider,
    request: AuthorizationRequestState,
    answer: ProviderAnswer,
  ): Promise<ExternalIdentity> {
    const now = this.#deps.clock.now();
    assertInTime(request, now);
    const memo = this.#deps.secretBox.open(request.memo, bindingOf(request.projectId, request.id));
    return acceptableIdentity(await adapter.finish(configuration, { memo, answer, now }));
  }

  /** Everything that a verifier may have been stored as. */
  verifierDigests(verifier: string): ReturnType<Ports['secretIssuer']['digests']> {
    return this.#deps.secretIssuer.digests(VERIFIER_CONTEXT, verifier);
  }

  #isVerifier(verifier: string, { verifierDigest }: AuthorizationRequestState): boolean {
    return this.#deps.secretIssuer.matches(VERIFIER_CONTEXT, verifier, verifierDigest);
  }

  /** Whole URLs, compared as strings (RFC 9700 §2.1). */
  #allowed(returnTo: string | undefined): string | null {
    if (returnTo === undefined) return null;
    if (this.#deps.policy.allowedReturnUrls.includes(returnTo)) return returnTo;
    const message = 'is none of ALLOWED_RETURN_URLS';
    throw invalidField('returnTo', message, 'NOT_ALLOWED');
  }
}

function bindingOf(projectId: ProjectId, id: AuthorizationRequestId): string {
  return `authorization-request ${projectId} ${id}`;
}

/** A state names its project, because whoever brings it back is a browser. */
function secretOf(projectId: ProjectId, state: string): string {
  const [named, secret, ...rest] = state.split('.');
  if (named !== projectId || secret === undefined || rest.length > 0) throw new IamError('token-invalid');
  return secret;
}
