import { IamError, invalidField } from '../../domain/errors.ts';
import { assertRegistrationOpen, assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import { assertActive } from '../../domain/user/account-standing.ts';
import type { PasswordHash, User, UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { PasswordRules } from '../account/password-rules.ts';
import { voidSecrets } from '../account/void-secrets.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { SessionOpener } from '../authentication/session-opener.ts';
import type { TokenPair, TokenPairs } from '../authentication/token-pairs.ts';
import { methodOf, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { takeSeat } from '../projects/take-seat.ts';
import { type MemberView, memberView } from '../users/member-view.ts';
import type { Joining } from './joining.ts';
import type { KnownPerson } from './known-person.ts';
import { INVITATION_CONTEXT, type StandingInvitation, standingInvitation } from './standing-invitation.ts';

export interface AcceptInvitationInput {
  readonly token: string;
  /** A new one for a new account; that of the account where the address has a proven one. */
  readonly password?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly mfaCode?: string | undefined;
}

export interface Accepted {
  readonly tokens: TokenPair;
  readonly user: MemberView;
}

/** Makes the person who joins out of what stands. */
type Arrive = (repositories: Repositories, standing: StandingInvitation, now: Date) => Promise<Joining>;

type AcceptInvitationDeps = Pick<
  Ports,
  'unitOfWork' | 'userDirectory' | 'secretIssuer' | 'passwordHasher' | 'sessionWatch' | 'clock'
> & {
  readonly knownProjects: KnownProjects;
  readonly passwordRules: PasswordRules;
  readonly knownPerson: KnownPerson;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/**
 * Joins a tenant with the token of a mail, which proves the mailbox. A new address gets an account; an account that was
 * never proven is emptied first; a proven one shows its own factors, or the call carries its bearer.
 */
export class AcceptInvitation {
  readonly #deps: AcceptInvitationDeps;
  constructor(deps: AcceptInvitationDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `token-invalid`, `token-expired`, `forbidden` when the host could not invite any more,
   * `tenant-blocked`, `already-member`, `registration-closed`, `sign-in-closed`, `user-limit-reached`,
   * `validation-error`, `weak-password`, and as `login` for a proven account
   */
  async execute(by: Visitor | UserActor, input: AcceptInvitationInput): Promise<Accepted> {
    const { unitOfWork, userDirectory, secretIssuer, knownProjects, knownPerson, clock } = this.#deps;
    const project = await knownProjects.byId(by.projectId);
    assertSignInOpen(project.settings);
    const digests = secretIssuer.digests(INVITATION_CONTEXT, input.token);
    const seen = await unitOfWork.run((repositories) =>
      standingInvitation(repositories, project, digests, clock.now()),
    );
    const { email } = seen.invitation.toState();
    const holder = await userDirectory.byEmail(project.id, email);
    if (holder?.emailVerifiedAt == null) {
      const arrive = await this.#newcomer(by, project, seen, holder, input);
      return this.#join(by, project, digests, arrive, (work) => unitOfWork.run(work));
    }
    if ('userId' in by) {
      if (by.userId !== holder.id) throw new IamError('token-invalid');
      return this.#join(by, project, digests, bearer(by), (work) => unitOfWork.run(work));
    }
    const known = await knownPerson.assert(by, project, holder, email, input);
    const arrive: Arrive = (repositories) => known.arrive(repositories, clock.now());
    return this.#join(by, project, digests, arrive, known.commit);
  }

  /** Nobody has the address, or somebody who never proved it: what they put there is gone. */
  async #newcomer(
    by: Visitor,
    project: ProjectState,
    { placeholder }: StandingInvitation,
    holder: UserState | undefined,
    input: AcceptInvitationInput,
  ): Promise<Arrive> {
    const { passwordRules, passwordHasher } = this.#deps;
    if (holder === undefined) assertRegistrationOpen(project.settings);
    else assertActive(holder);
    const { firstName, lastName, email } = placeholder.toState();
    const names = { firstName: input.firstName ?? firstName, lastName: input.lastName ?? lastName };
    const password = required(input.password);
    await passwordRules.assertAcceptable(password, { project, person: { email, ...names }, field: 'password' });
    const passwordHash = await passwordHasher.hash(password);
    return async (repositories, standing, now) => {
      const person = { ...names, passwordHash };
      const user =
        holder === undefined
          ? await this.#registered(repositories, by, project, standing.placeholder, person, now)
          : await this.#reclaimed(repositories, project, holder, person, now);
      return { user, amr: PASSWORD_METHODS, authenticatedAt: now };
    };
  }

  async #registered(
    { seats, users }: Repositories,
    { dialect }: Visitor,
    project: ProjectState,
    placeholder: User,
    person: Pick<UserState, 'firstName' | 'lastName'> & { readonly passwordHash: PasswordHash },
    now: Date,
  ): Promise<User> {
    await takeSeat(seats, project);
    placeholder.acceptInvitation({ ...person, dialect }, now);
    users.save(placeholder);
    return placeholder;
  }

  async #reclaimed(
    repositories: Repositories,
    project: ProjectState,
    holder: UserState,
    { passwordHash, ...names }: Pick<UserState, 'firstName' | 'lastName'> & { readonly passwordHash: PasswordHash },
    now: Date,
  ): Promise<User> {
    const { users, seats } = repositories;
    const user = await users.byId(project.id, holder.id);
    if (user === undefined || user.emailVerified) throw new IamError('conflict');
    if (!user.toState().holdsSeat) await takeSeat(seats, project);
    await voidSecrets(repositories, user);
    user.resetPassword(passwordHash, now);
    user.changeProfile(names, now);
    users.save(user);
    return user;
  }

  async #join(
    by: Visitor | UserActor,
    project: ProjectState,
    digests: readonly SecretDigest[],
    arrive: Arrive,
    commit: <T>(work: (repositories: Repositories) => Promise<T>) => Promise<T>,
  ): Promise<Accepted> {
    const { sessionOpener, tokenPairs, sessionWatch, clock } = this.#deps;
    const { standing, member } = await commit(async (repositories) => {
      const now = clock.now();
      const offer = await standingInvitation(repositories, project, digests, now);
      const { user, ...proof } = await arrive(repositories, offer, now);
      const membership = await joined(repositories, offer, user, now);
      offer.invitation.accept(user.id, now);
      repositories.invitations.remove(offer.invitation);
      user.signedIn(methodOf(proof.amr));
      const slugs = offer.roles.map((role) => role.toState().slug).sort();
      const landing = { tenant: offer.tenant, roles: { slugs, version: undefined } };
      const standing = sessionOpener.open(repositories, by, project, user, landing, proof, now);
      repositories.users.save(user);
      const tenantId = offer.tenant.id;
      const whose = { userId: user.id, actorId: user.id, tenantId } as const;
      const what = { action: 'invitation.accepted', entityType: 'invitation', entityId: offer.invitation.id } as const;
      repositories.audit.record(audited(by, { ...what, ...whose }, now));
      const member = memberView({ user: user.toState(), membership: membership.toState(), roles: slugs });
      return { standing, member };
    });
    await sessionWatch.announce({ userId: member.user.id });
    return { tokens: await tokenPairs.of(project, standing), user: member };
  }
}

/** Somebody who is signed in joins as who they are. */
function bearer(actor: UserActor): Arrive {
  return async ({ users, refreshTokens }) => {
    const user = await users.byId(actor.projectId, actor.userId);
    const { standing } = await presentSession(refreshTokens, actor);
    if (user === undefined) throw new IamError('token-invalid');
    const { amr, authenticatedAt } = standing.session;
    return { user, amr, authenticatedAt };
  };
}

/** The place that was kept passes to whoever has come. @throws IamError `already-member` */
async function joined(
  { users, memberships }: Repositories,
  { placeholder, roles, tenant }: StandingInvitation,
  user: User,
  now: Date,
): Promise<Membership> {
  const { projectId } = tenant;
  const present = await memberships.find(projectId, tenant.id, user.id);
  if (user.id === placeholder.id) {
    if (present === undefined) throw new IamError('token-invalid');
    return present;
  }
  if (present !== undefined && present.toState().deletedAt === null) throw new IamError('already-member');
  users.remove(placeholder);
  const roleIds = roles.map(({ id }) => id);
  const place = { projectId, tenantId: tenant.id, userId: user.id, roleIds };
  const membership = present ?? Membership.join(place, now);
  membership.rejoin(now, roleIds);
  memberships.save(membership);
  return membership;
}

function required(password: string | undefined): string {
  if (password !== undefined) return password;
  throw invalidField('password', 'is required', 'REQUIRED');
}
