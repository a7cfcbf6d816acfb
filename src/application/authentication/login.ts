import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';
import { SignInChallenge } from '../../domain/session/sign-in-challenge.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { PasswordHash, User, UserState } from '../../domain/user/user.ts';
import { hasSamePassword } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { MFA_METHODS, methodOf, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { RightCode, TotpCheck } from '../mfa/totp-check.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { TenantChoice } from '../tenants/tenant-choice.ts';
import type { Arrival, Landing } from './arrival.ts';
import { assertMayEnter } from './entrance.ts';
import type { LoginTickets } from './login-tickets.ts';
import type { PasswordCheck, RightPassword } from './password-check.ts';
import { SELECTION_CONTEXT, SELECTION_PREFIX } from './select-tenant.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

export type SignIn =
  | {
      readonly kind: 'signed-in';
      readonly tokens: TokenPair;
      /** How the person signed in the time before. */
      readonly lastLoginMethod: string | null;
    }
  | { readonly kind: 'tenant-selection'; readonly sessionToken: string; readonly tenants: readonly TenantChoice[] }
  /** Over the Gate: a code of the authenticator app is still to come. */
  | { readonly kind: 'second-factor'; readonly ticket: string; readonly lastLoginMethod: string | null };

export interface LoginInput {
  readonly email: string;
  readonly password: string;
  /** Over v1, where a second factor is on. */
  readonly mfaCode?: string | undefined;
}

type LoginDeps = Pick<
  Ports,
  'unitOfWork' | 'userDirectory' | 'passwordHasher' | 'secretIssuer' | 'idGenerator' | 'clock'
> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly passwordCheck: PasswordCheck;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
  readonly arrival: Arrival;
  readonly totpCheck: TotpCheck;
  readonly loginTickets: LoginTickets;
};

/** Signs somebody in with email and password. Order: budget, password, account, second factor, tenant. */
export class Login {
  readonly #deps: LoginDeps;
  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `invalid-credentials`, `rate-limited`, `overloaded`, `sign-in-closed`; and only after the right
   * password `account-disabled`, `account-locked`, `email-not-verified`, `tenant-blocked`, `mfa-required`, `mfa-invalid`
   */
  async execute(visitor: Visitor, input: LoginInput): Promise<SignIn> {
    const { knownProjects, parseEmail, passwordCheck, userDirectory } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const email = parseEmail(input.email);
    const find = (): Promise<UserState | undefined> => userDirectory.byEmail(project.id, email);
    const checked = await passwordCheck.assert(visitor, email, input.password, find);
    try {
      return await this.#admit(visitor, project, checked, email, input);
    } catch (refusal) {
      await this.#giveBack(visitor, checked, refusal);
      throw refusal;
    }
  }

  async #admit(
    visitor: Visitor,
    project: ProjectState,
    checked: RightPassword,
    email: EmailAddress,
    { password, mfaCode }: LoginInput,
  ): Promise<SignIn> {
    const { user, outdated } = checked;
    assertMayEnter(user, project);
    const upgraded = async () => (outdated ? this.#deps.passwordHasher.hash(password) : undefined);
    if (user.totpEnabledAt !== null && visitor.dialect === 'gate') {
      return this.#deps.loginTickets.issue(visitor, checked, await upgraded());
    }
    const code = await this.#secondFactor(visitor, user, mfaCode);
    const landing = await this.#deps.arrival.choose(visitor, project, user);
    return this.#enter(visitor, project, checked, email, landing, await upgraded(), code);
  }

  /** The password was right, whatever else stands in the way: a missing or wrong code, too, is no wrong password. */
  #giveBack(visitor: Visitor, { user, attempt }: RightPassword, refusal: unknown): Promise<void> {
    return this.#deps.unitOfWork.run(async ({ attempts, audit }) => {
      attempt.givenBack(attempts);
      if (!(refusal instanceof IamError && refusal.is('mfa-required'))) return;
      const what = { action: 'auth.mfa.required', entityType: 'user', entityId: user.id } as const;
      audit.record(audited(visitor, { ...what, userId: user.id, actorId: user.id }, this.#deps.clock.now()));
    });
  }

  /** `undefined` where none is on. */
  async #secondFactor(visitor: Visitor, user: UserState, mfaCode: string | undefined): Promise<RightCode | undefined> {
    if (user.totpEnabledAt === null) return undefined;
    if (mfaCode === undefined) throw new IamError('mfa-required');
    return this.#deps.totpCheck.assert(visitor, user, mfaCode);
  }

  async #enter(
    visitor: Visitor,
    project: ProjectState,
    { user: checked, attempt }: RightPassword,
    email: EmailAddress,
    landing: Landing,
    upgraded: PasswordHash | undefined,
    code: RightCode | undefined,
  ): Promise<SignIn> {
    const work = async (repositories: Repositories) => {
      const now = this.#deps.clock.now();
      const user = await repositories.users.byId(project.id, checked.id);
      // The password may have been changed meanwhile: it was not the new one that was shown.
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('invalid-credentials');
      assertMayEnter(user.toState(), project);
      // A factor that was turned on meanwhile has not been asked for.
      if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
      const amr = code === undefined ? PASSWORD_METHODS : MFA_METHODS;
      // Of several sign-ins at once only the first brings the new hash.
      const rehashed = upgraded !== undefined && user.toState().passwordHash === checked.passwordHash;
      if (rehashed) user.upgradeHash(upgraded);
      attempt.succeeded(repositories.attempts);
      if (landing.kind === 'choice') {
        return this.#offerChoice(repositories, visitor, user, rehashed, landing.choices, amr, now);
      }
      const { founded, ...place } = await this.#deps.arrival.arrive(
        repositories,
        visitor,
        project,
        user,
        email,
        landing,
        now,
      );
      const lastLoginMethod = user.signedIn(methodOf(amr));
      const proof = { amr, authenticatedAt: now };
      const standing = this.#deps.sessionOpener.open(repositories, visitor, project, user, place, proof, now);
      save(repositories, user, rehashed || founded);
      const who = { userId: user.id, actorId: user.id, tenantId: place.tenant.id } as const;
      const what = { action: 'auth.login.succeeded', entityType: 'session', entityId: standing.session.id } as const;
      repositories.audit.record(audited(visitor, { ...what, ...who }, now));
      return { kind: 'session', standing, lastLoginMethod } as const;
    };
    const outcome = await (code === undefined ? this.#deps.unitOfWork.run(work) : code.commit(work));
    if (outcome.kind !== 'session') return outcome;
    const tokens = await this.#deps.tokenPairs.of(project, outcome.standing);
    return { kind: 'signed-in', tokens, lastLoginMethod: outcome.lastLoginMethod };
  }

  #offerChoice(
    repositories: Repositories,
    visitor: Visitor,
    user: User,
    rehashed: boolean,
    tenants: readonly TenantChoice[],
    amr: readonly AuthenticationMethod[],
    now: Date,
  ): SignIn {
    const { secret, digest } = this.#deps.secretIssuer.token(SELECTION_CONTEXT, SELECTION_PREFIX);
    const { id: userId, projectId, sessionEpoch: epoch } = user.toState();
    const id = this.#deps.idGenerator.next<SignInChallenge['id']>();
    const proof = { amr, authenticatedAt: now };
    repositories.signInChallenges.save(
      SignInChallenge.open({ id, projectId, userId, kind: 'tenant-selection', digest, epoch, ...proof }, now),
    );
    save(repositories, user, rehashed);
    const what = { action: 'auth.login.succeeded', entityType: 'user', entityId: userId } as const;
    repositories.audit.record(audited(visitor, { ...what, userId, actorId: userId }, now));
    return { kind: 'tenant-selection', sessionToken: secret, tenants };
  }
}

/** A sign-in leaves the account's version alone, so that any number may happen at once; what happens once does not. */
function save({ users }: Repositories, user: User, once: boolean): void {
  if (once) users.save(user);
  else users.touch(user);
}
