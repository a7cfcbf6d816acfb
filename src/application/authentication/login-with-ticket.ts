import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import type { SignInChallenge } from '../../domain/session/sign-in-challenge.ts';
import type { User } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { MFA_METHODS, methodOf } from '../mfa/methods.ts';
import type { TotpCheck } from '../mfa/totp-check.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { joinRootTenant } from '../tenants/join-root-tenant.ts';
import { assertMayEnter } from './entrance.ts';
import type { LoginTickets } from './login-tickets.ts';
import type { PasswordAttempts } from './password-attempts.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

type LoginWithTicketDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly loginTickets: LoginTickets;
  readonly totpCheck: TotpCheck;
  readonly passwordAttempts: PasswordAttempts;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/** The second step of a sign-in over the Gate: the ticket of the first, and a code. Success alone spends the ticket. */
export class LoginWithTicket {
  readonly #deps: LoginWithTicketDeps;
  constructor(deps: LoginWithTicketDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `token-invalid` also after five wrong codes, `token-expired`, `mfa-invalid`, `rate-limited`,
   * `account-disabled`, `account-locked`, `sign-in-closed`, `tenant-blocked`
   */
  async execute(
    visitor: Visitor,
    input: { readonly ticket: string; readonly code: string },
  ): Promise<{ readonly tokens: TokenPair; readonly lastLoginMethod: string | null }> {
    const { unitOfWork, knownProjects, totpCheck, passwordAttempts, sessionOpener, tokenPairs, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const seen = await unitOfWork.run((repositories) => this.#find(repositories, visitor, project, input.ticket));
    const person = seen.user.toState();
    const code = await totpCheck.assert(visitor, person, input.code, { ticket: seen.challenge.id });
    const { standing, lastLoginMethod } = await code.commit(async (repositories) => {
      const now = clock.now();
      const { challenge, user } = await this.#find(repositories, visitor, project, input.ticket);
      repositories.signInChallenges.spend(challenge);
      if (person.email !== null) {
        passwordAttempts.signedIn(repositories.attempts, project.id, person.email, visitor.origin);
      }
      const landing = await joinRootTenant(repositories, visitor, project, user.id, now);
      const lastLoginMethod = user.signedIn(methodOf(MFA_METHODS));
      const proof = { amr: MFA_METHODS, authenticatedAt: now };
      const standing = sessionOpener.open(repositories, visitor, project, user, landing, proof, now);
      // Whoever has joined by this is saved, for those to look again who decide by what the person belongs to.
      if (landing.roles.version === undefined) repositories.users.save(user);
      else repositories.users.touch(user);
      const who = { userId: user.id, actorId: user.id, tenantId: landing.tenant.id } as const;
      const what = { action: 'auth.login.succeeded', entityType: 'session', entityId: standing.session.id } as const;
      repositories.audit.record(audited(visitor, { ...what, ...who }, now));
      return { standing, lastLoginMethod };
    });
    return { tokens: await tokenPairs.of(project, standing), lastLoginMethod };
  }

  async #find(
    { signInChallenges, users }: Repositories,
    visitor: Visitor,
    project: ProjectState,
    ticket: string,
  ): Promise<{ readonly challenge: SignInChallenge; readonly user: User }> {
    const { loginTickets, passwordAttempts, clock } = this.#deps;
    const digests = loginTickets.digests(visitor, ticket);
    const challenge = await signInChallenges.byDigest(project.id, 'login-ticket', digests);
    const user = challenge && (await users.byId(project.id, challenge.toState().userId));
    if (challenge === undefined || user === undefined) throw new IamError('token-invalid');
    const person = user.toState();
    challenge.assertUsable(person.sessionEpoch, clock.now());
    const familiar =
      person.email !== null && (await passwordAttempts.isFamiliar(project.id, person.email, visitor.origin));
    assertMayEnter(person, project, { familiar });
    return { challenge, user };
  }
}
