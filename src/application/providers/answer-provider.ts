import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState, ProviderId } from '../../domain/project/auth-provider.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import type { AuthorizationRequestState } from '../../domain/session/authorization-request.ts';
import type { PendingIdentity } from '../../domain/session/sign-in-challenge.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { ExternalIdentity, ProviderAnswer } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { assertMayEnter } from '../authentication/entrance.ts';
import type { SignedIn } from '../authentication/sign-in.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { AuthorizationRequests } from './authorization-requests.ts';
import type { ExchangeCodeVault } from './exchange-code-vault.ts';
import type { ExternalAccounts } from './external-accounts.ts';
import type { LinkView } from './link-view.ts';
import type { Linking, Starter } from './linking.ts';
import type { OpenedProviders } from './opened-providers.ts';
import { assertStillPresent } from './present-provider.ts';
import type { ProviderEntrance } from './provider-entrance.ts';
import type { Reauthentication } from './reauthentication.ts';
import type { RefusalTrace } from './refusal-trace.ts';

/** What has come of a round trip. */
export type ProviderOutcome =
  | SignedIn
  | { readonly kind: 'linked'; readonly link: LinkView }
  | { readonly kind: 'reauthenticated'; readonly authenticatedAt: Date }
  | ReturningBrowser;

/** The browser goes on to an allowed URL with these: never a token. */
interface ReturningBrowser {
  readonly kind: 'return';
  readonly returnTo: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface IdentifiedPerson {
  readonly user: UserState;
  readonly pendingIdentity: PendingIdentity | null;
  readonly back: ReturningBrowser | undefined;
}

export interface ProviderReturn {
  readonly providerId: ProviderId;
  readonly state: string;
  readonly verifier?: string | undefined;
  /** One that the browser sent by itself (a cookie): where somebody signs in it stands for a missing one. */
  readonly ofBrowser?: string | undefined;
  readonly answer: ProviderAnswer;
}

/** What a page needs to go on with a link or a reauthentication itself. */
const FORWARDED = ['code', 'state', 'iss', 'error'];

type AnswerProviderDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly openedProviders: OpenedProviders;
  readonly authorizationRequests: AuthorizationRequests;
  readonly externalAccounts: ExternalAccounts;
  readonly exchangeCodeVault: ExchangeCodeVault;
  readonly providerEntrance: ProviderEntrance;
  readonly linking: Linking;
  readonly reauthentication: Reauthentication;
  readonly refusalTrace: RefusalTrace;
};

/** Somebody comes back from a provider. Whatever comes of it goes to whoever started, and to nobody else. */
export class AnswerProvider {
  readonly #deps: AnswerProviderDeps;
  constructor(deps: AnswerProviderDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `token-invalid` for a state that is not right, spent, or not theirs; `token-expired`, `not-found` for a
   * provider that is not on offer, `invalid-credentials`, `unavailable`, and as `ExternalAccounts.of`,
   * `ProviderEntrance.enter` and `Linking.complete`. Where the browser is to return, refusals return with it, as `error`
   */
  async execute(visitor: Visitor, back: ProviderReturn): Promise<ProviderOutcome> {
    const { knownProjects, openedProviders, authorizationRequests, refusalTrace } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const { providerId, state, verifier, ofBrowser, answer } = back;
    const intents = ['sign-in', 'link', 'reauthentication'] as const;
    const claim = await authorizationRequests.claim(
      { projectId: project.id, state, verifier, ofBrowser },
      { providerId, intents },
    );
    if ('forwardedTo' in claim) return { kind: 'return', returnTo: claim.forwardedTo, parameters: forwarded(answer) };
    const { intent, returnTo } = claim.request;
    const settled = refusalTrace.of(visitor, claim.request, async () => {
      if (intent === 'sign-in') assertSignInOpen(project.settings);
      const opened = await openedProviders.byId(project.id, providerId);
      const identity = await authorizationRequests.identify(opened, claim.request, answer);
      // A provider may take its time: what holds is what is set now.
      const present = await knownProjects.byId(visitor.projectId);
      if (intent === 'sign-in') assertSignInOpen(present.settings);
      return this.#settle(visitor, present, opened.provider, claim.request, identity);
    });
    if (intent !== 'sign-in' || returnTo === null) return settled;
    return settled.catch((refusal: unknown) => {
      if (!(refusal instanceof IamError)) throw refusal;
      return { kind: 'return', returnTo, parameters: { error: refusal.code } };
    });
  }

  async #settle(
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    request: AuthorizationRequestState,
    identity: ExternalIdentity,
  ): Promise<ProviderOutcome> {
    const { linking, reauthentication } = this.#deps;
    if (request.intent === 'link') {
      return { kind: 'linked', link: await linking.complete(visitor, starterOf(request), provider, identity) };
    }
    if (request.intent === 'reauthentication') {
      const done = await reauthentication.complete(visitor, starterOf(request), provider, identity);
      return { kind: 'reauthenticated', ...done };
    }
    return this.#signIn(visitor, project, provider, request, identity);
  }

  async #signIn(
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    request: AuthorizationRequestState,
    identity: ExternalIdentity,
  ): Promise<ProviderOutcome> {
    const { user, pendingIdentity, back } = await this.#identified(visitor, project, provider, request, identity);
    if (back !== undefined) return back;
    const vouched = { providerId: provider.id, pendingIdentity };
    return this.#deps.providerEntrance.enter(visitor, project, user, vouched, (repositories) =>
      assertStillPresent(repositories, provider),
    );
  }

  /** In one commit with the code that goes back, if one does. Two first sign-ins of one person at once make one account. */
  async #identified(
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    request: AuthorizationRequestState,
    identity: ExternalIdentity,
    again = true,
  ): Promise<IdentifiedPerson> {
    const { unitOfWork, externalAccounts, sessionWatch, clock } = this.#deps;
    try {
      const { reclaimed, ...identified } = await unitOfWork.run(async (repositories) => {
        const now = clock.now();
        const found = await externalAccounts.of(repositories, visitor, project, provider, identity, now);
        const { reclaimed, pendingIdentity } = found;
        const person = { user: found.user.toState(), pendingIdentity };
        return { ...person, reclaimed, back: this.#back(repositories, project, request, person, now) };
      });
      if (reclaimed) await sessionWatch.announce({ userId: identified.user.id });
      return identified;
    } catch (refusal) {
      if (!again || !isTaken(refusal)) throw refusal;
      return this.#identified(visitor, project, provider, request, identity, false);
    }
  }

  /** Where the browser is to return, it takes a code along instead of tokens. */
  #back(
    repositories: Repositories,
    project: ProjectState,
    { returnTo, verifierDigest, providerId }: AuthorizationRequestState,
    { user, pendingIdentity }: Pick<IdentifiedPerson, 'user' | 'pendingIdentity'>,
    now: Date,
  ): ReturningBrowser | undefined {
    if (returnTo === null) return undefined;
    assertMayEnter(user, project, { familiar: false });
    const vouched = { providerId, pendingIdentity, verifierDigest };
    const code = this.#deps.exchangeCodeVault.issue(repositories, user, vouched, now);
    return { kind: 'return', returnTo, parameters: { code } };
  }
}

/** Somebody else was first, perhaps the same person in another window: then there is a link by now. */
function isTaken(refusal: unknown): boolean {
  return (
    refusal instanceof IamError && (refusal.is('email-already-registered') || refusal.is('provider-already-linked'))
  );
}

function starterOf({ userId, sessionId }: AuthorizationRequestState): Starter {
  if (userId === null || sessionId === null) throw new IamError('token-invalid');
  return { userId, sessionId };
}

function forwarded(answer: ProviderAnswer): Readonly<Record<string, string>> {
  if (answer.kind !== 'redirect') return {};
  return Object.fromEntries(Object.entries(answer.parameters).filter(([name]) => FORWARDED.includes(name)));
}
