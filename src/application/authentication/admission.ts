import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';
import { SignInChallenge } from '../../domain/session/sign-in-challenge.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { User } from '../../domain/user/user.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { methodOf } from '../mfa/methods.ts';
import type { TenantChoice } from '../tenants/tenant-choice.ts';
import type { Arrival, Landing } from './arrival.ts';
import { SELECTION_CONTEXT, SELECTION_PREFIX } from './select-tenant.ts';
import type { SessionOpener } from './session-opener.ts';
import type { SignedIn } from './sign-in.ts';
import type { TokenPairs } from './token-pairs.ts';

/** Somebody who has shown every factor. */
export interface Admissible {
  readonly project: ProjectState;
  readonly user: User;
  readonly email: EmailAddress | null;
  readonly landing: Landing;
  readonly amr: readonly AuthenticationMethod[];
  /** Who vouches for them; left out where nobody else does. */
  readonly providerId?: ProviderId | null;
  readonly action: 'auth.login.succeeded' | 'auth.recovery.succeeded';
  /** Whether the account itself has changed: then it is saved with its version, and of several at once one wins. */
  readonly changed: boolean;
}

/** What was committed; tokens are signed afterwards. */
export type Admitted =
  | { readonly kind: 'session'; readonly standing: SessionStanding; readonly lastLoginMethod: string | null }
  | Extract<SignedIn, { readonly kind: 'tenant-selection' }>;

type AdmissionDeps = Pick<Ports, 'secretIssuer' | 'idGenerator'> & {
  readonly arrival: Arrival;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/** The last step of every sign-in: a session where the person lands, or the choice of the tenant. */
export class Admission {
  readonly #deps: AdmissionDeps;
  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** Part of the commit of the sign-in; saves the user. @throws IamError `tenant-blocked`, `not-found` */
  async admit(
    repositories: Repositories,
    visitor: Visitor,
    { landing, ...who }: Admissible,
    now: Date,
  ): Promise<Admitted> {
    if (landing.kind === 'choice') return this.#offer(repositories, visitor, who, landing.choices, now);
    const { project, user, email, amr, providerId, action, changed } = who;
    const { arrival, sessionOpener } = this.#deps;
    const { joined, ...place } = await arrival.arrive(repositories, visitor, project, user, email, landing, now);
    const lastLoginMethod = user.signedIn(methodOf(amr, providerId));
    const proof = { amr, authenticatedAt: now };
    const standing = sessionOpener.open(repositories, visitor, project, user, place, proof, now);
    save(repositories, user, changed || joined);
    const what = { action, entityType: 'session', entityId: standing.session.id } as const;
    const whose = { userId: user.id, actorId: user.id, tenantId: place.tenant.id } as const;
    repositories.audit.record(audited(visitor, { ...what, ...whose }, now));
    return { kind: 'session', standing, lastLoginMethod };
  }

  /** Once it is committed. */
  async answer(project: ProjectState, admitted: Admitted): Promise<SignedIn> {
    if (admitted.kind !== 'session') return admitted;
    const tokens = await this.#deps.tokenPairs.of(project, admitted.standing);
    return { kind: 'signed-in', tokens, lastLoginMethod: admitted.lastLoginMethod };
  }

  #offer(
    repositories: Repositories,
    visitor: Visitor,
    { user, amr, providerId = null, action, changed }: Omit<Admissible, 'landing'>,
    tenants: readonly TenantChoice[],
    now: Date,
  ): Admitted {
    const { secret, digest } = this.#deps.secretIssuer.token(SELECTION_CONTEXT, SELECTION_PREFIX);
    const { id: userId, projectId, sessionEpoch: epoch } = user.toState();
    const id = this.#deps.idGenerator.next<SignInChallenge['id']>();
    const proof = { amr, authenticatedAt: now, providerId, pendingIdentity: null };
    repositories.signInChallenges.save(
      SignInChallenge.open({ id, projectId, userId, kind: 'tenant-selection', digest, epoch, ...proof }, now),
    );
    save(repositories, user, changed);
    const what = { action, entityType: 'user', entityId: userId } as const;
    repositories.audit.record(audited(visitor, { ...what, userId, actorId: userId }, now));
    return { kind: 'tenant-selection', sessionToken: secret, tenants };
  }
}

/** A sign-in leaves the account's version alone, so that any number may happen at once; what happens once does not. */
function save({ users }: Repositories, user: User, once: boolean): void {
  if (once) users.save(user);
  else users.touch(user);
}
