import { IamError } from '../../domain/errors.ts';
import { assertRegistrationOpen, assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import { RECOVERY_CODES_TOTAL, RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import { type TenantId, tenantNameFor } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { type JsonObject, User, type UserId } from '../../domain/user/user.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { MailBudget } from '../account/mail-budget.ts';
import type { PasswordRules } from '../account/password-rules.ts';
import { type UserView, userView } from '../account/user-view.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { takeSeat } from '../projects/take-seat.ts';
import { recoveryBudget } from '../recovery/recovery-budget.ts';
import { establishTenant } from '../tenants/establish-tenant.ts';
import { joinRootTenant } from '../tenants/join-root-tenant.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

export interface RegisterInput {
  readonly email: string;
  readonly password: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly phone?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  /** v1: names the tenant that the person gets. */
  readonly organization?: string | undefined;
}

export interface Registered {
  /** `null` where the address must be proven first. */
  readonly tokens: TokenPair | null;
  readonly user: UserView;
  readonly tenant: { readonly id: TenantId; readonly name: string };
  /** Slugs in that tenant. */
  readonly roles: readonly string[];
  /** v1 only; shown this once. */
  readonly recoveryCodes: readonly string[];
}

type RegisterDeps = Pick<
  Ports,
  'unitOfWork' | 'userDirectory' | 'passwordHasher' | 'recoveryCodeIssuer' | 'idGenerator' | 'clock'
> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly passwordRules: PasswordRules;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
  readonly mailBudget: MailBudget;
};

/** Makes an account. Everything that belongs to it is there in one commit, or nothing is. */
export class Register {
  readonly #deps: RegisterDeps;
  constructor(deps: RegisterDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `registration-closed`, `sign-in-closed`, `user-limit-reached`, `email-already-registered`,
   * `validation-error`, `weak-password`, `overloaded`
   */
  async execute(visitor: Visitor, input: RegisterInput): Promise<Registered> {
    const { knownProjects, parseEmail, passwordHasher, recoveryCodeIssuer, idGenerator, mailBudget } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertRegistrationOpen(project.settings);
    assertSignInOpen(project.settings);
    const email = parseEmail(input.email);
    await this.#assertPasswordAcceptable(project, email, input);
    await this.#assertFree(project, email);
    const userId = idGenerator.next<UserId>();
    const recovery =
      visitor.dialect === 'v1' ? await recoveryCodeIssuer.issue(userId, RECOVERY_CODES_TOTAL) : undefined;
    const passwordHash = await passwordHasher.hash(input.password);
    const proofFirst = project.settings.emailVerificationRequired;
    const proofRequested = proofFirst || visitor.dialect === 'v1';
    // The first mail always goes out, and counts towards those that may follow.
    if (proofRequested) await mailBudget.take(project.id, email);

    const outcome = await this.#deps.unitOfWork.run(async (repositories) => {
      const now = this.#deps.clock.now();
      const { users, recoveryCodes, audit } = repositories;
      const user = User.register(
        {
          id: userId,
          projectId: project.id,
          email,
          passwordHash,
          firstName: input.firstName ?? null,
          lastName: input.lastName ?? null,
          phone: input.phone ?? null,
          metadata: input.metadata ?? {},
          holdsSeat: !proofFirst,
          dialect: visitor.dialect,
          proofRequested,
        },
        now,
      );
      // Saved first, and so told first.
      users.save(user);
      await takeSeat(repositories.seats, project, { provisional: proofFirst });
      // Whatever strangers have guessed at before there were codes.
      repositories.attempts.forgive(recoveryBudget(project.id, email));
      const landing = await this.#landing(repositories, visitor, project, user.id, input, email, now);
      if (recovery !== undefined) {
        recoveryCodes.save(RecoveryCodes.generated({ projectId: project.id, userId, codes: recovery.stored }, now));
      }
      const what = {
        entityType: 'user',
        entityId: userId,
        userId,
        actorId: userId,
        tenantId: landing.tenant.id,
      } as const;
      audit.record(audited(visitor, { action: 'auth.registered', ...what }, now));
      const standing = proofFirst ? undefined : this.#openSession(repositories, visitor, project, user, landing, now);
      return { user: user.toState(), landing, standing };
    });
    return {
      tokens: outcome.standing === undefined ? null : await this.#deps.tokenPairs.of(project, outcome.standing),
      user: userView(outcome.user),
      tenant: { id: outcome.landing.tenant.id, name: outcome.landing.tenant.name },
      roles: outcome.landing.roles.slugs,
      recoveryCodes: recovery?.codes ?? [],
    };
  }

  #assertPasswordAcceptable(project: ProjectState, email: EmailAddress, input: RegisterInput): Promise<void> {
    const person = { email, firstName: input.firstName ?? null, lastName: input.lastName ?? null };
    const words = [input.organization];
    return this.#deps.passwordRules.assertAcceptable(input.password, { project, person, field: 'password', words });
  }

  /** Spares the hashing; the promise is the unique index's. */
  async #assertFree(project: ProjectState, email: EmailAddress): Promise<void> {
    const holder = await this.#deps.userDirectory.byEmail(project.id, email);
    if (holder !== undefined) throw new IamError('email-already-registered');
  }

  async #landing(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    userId: UserId,
    input: RegisterInput,
    email: EmailAddress,
    now: Date,
  ): Promise<TenantOfUser> {
    if (visitor.dialect === 'v1' && project.settings.selfServiceTenants) {
      const id = this.#deps.idGenerator.next<TenantId>();
      const name = tenantNameFor({ ...input, email });
      const tenant = { id, projectId: project.id, name, ownerId: userId, root: false };
      return establishTenant(repositories, visitor, tenant, this.#deps.idGenerator, now);
    }
    return joinRootTenant(repositories, visitor, project, userId, now);
  }

  #openSession(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    user: User,
    landing: TenantOfUser,
    now: Date,
  ): SessionStanding {
    user.signedIn('email');
    const proof = { amr: ['pwd'], authenticatedAt: now } as const;
    return this.#deps.sessionOpener.open(repositories, visitor, project, user, landing, proof, now);
  }
}
