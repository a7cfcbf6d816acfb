import { IamError, invalidField } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { EMAIL_CHANGE_TOKENS } from '../../domain/session/one-time-token.ts';
import type { Membership } from '../../domain/tenant/membership.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { ProfileChange, User, UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { MailBudget } from '../account/mail-budget.ts';
import { userView } from '../account/user-view.ts';
import { type Administrator, PLATFORM_PROJECTS } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { changesOf } from '../audit/changes-of.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { Authority } from '../roles/authority.ts';
import type { Granter } from '../roles/granter.ts';
import { type GovernedMember, governedMember, isPresent } from './governed-member.ts';
import type { MemberReader, MemberWithSummary } from './member-reader.ts';
import { type MemberView, memberView } from './member-view.ts';
import { changeStanding, type WantedStatus } from './standing-change.ts';

export interface UpdateUserInput extends Pick<ProfileChange, 'firstName' | 'lastName' | 'avatarUrl' | 'metadata'> {
  readonly userId: UserId;
  /** Pending until it is proven, and consented to from a proven old address. */
  readonly email?: string | undefined;
  readonly status?: WantedStatus | undefined;
  /** Asked about the person as they stand before the change (RFC 9110 §13.1.1). */
  readonly ifMatch?: ((current: MemberWithSummary) => boolean) | undefined;
}

type UpdateUserDeps = Pick<Ports, 'memberDirectory' | 'sessionWatch' | 'clock'> & {
  readonly authority: Authority;
  readonly memberReader: MemberReader;
  readonly stepUp: StepUp;
  readonly parseEmail: EmailParser;
  readonly mailBudget: MailBudget;
};

/** Changes somebody of the actor's tenant. Who belongs to others too keeps the say over all that those see of them. */
export class UpdateUser {
  readonly #deps: UpdateUserDeps;
  constructor(deps: UpdateUserDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `not-found`, `owner-protected`, `precondition-failed`, `rate-limited`,
   * `reauthentication-required` for one's own address,
   * `validation-error`
   */
  async execute(actor: Administrator, input: UpdateUserInput): Promise<MemberView> {
    const { authority, memberDirectory, sessionWatch, clock } = this.#deps;
    const { userId, email: rawEmail, status, ifMatch: _, ...profile } = input;
    await authority.assert(actor, 'users.update');
    const newEmail = rawEmail === undefined ? undefined : await this.#newEmail(actor, userId, rawEmail);
    const state = await authority.commit(actor, 'users.update', async (repositories, granter) => {
      const now = clock.now();
      const byPlatform = granter.allows(PLATFORM_PROJECTS);
      const { user, membership, elsewhere, isOwner } =
        byPlatform && isStandingAlone(input)
          ? await this.#anybody(repositories, actor, input)
          : await this.#member(repositories, granter, actor, input);
      const theirs = [newEmail, ...Object.values(profile)];
      if (elsewhere && !isSelf(actor, userId) && theirs.some((value) => value !== undefined)) {
        throw new IamError('forbidden', {});
      }
      changeProfile(repositories, actor, user, profile, now);
      if (newEmail !== undefined) requestEmail(repositories, actor, user, newEmail, now);
      if (status !== undefined) {
        const scope = elsewhere && !byPlatform ? 'membership' : 'account';
        await changeStanding(repositories, actor, { user, membership, scope, byPlatform, isOwner }, status, now);
      }
      repositories.users.save(user);
      if (membership !== undefined) repositories.memberships.save(membership);
      return user.toState();
    });
    await sessionWatch.announce({ userId });
    const member = await memberDirectory.byId(actor.projectId, actor.tenantId, userId);
    return member === undefined ? { user: userView(state), tenantId: actor.tenantId, roles: [] } : memberView(member);
  }

  async #member(
    repositories: Repositories,
    granter: Granter,
    actor: Administrator,
    { userId, ifMatch }: UpdateUserInput,
  ): Promise<GovernedMember> {
    const member = await governedMember(repositories, granter, actor, userId);
    if (!isPresent(member)) throw new IamError('not-found');
    if (ifMatch !== undefined) await this.#assertMatches(actor.projectId, actor.tenantId, userId, ifMatch);
    return member;
  }

  async #assertMatches(
    projectId: ProjectId,
    tenantId: TenantId,
    userId: UserId,
    ifMatch: (current: MemberWithSummary) => boolean,
  ): Promise<void> {
    const current = await this.#deps.memberReader.find(projectId, tenantId, userId);
    if (current === undefined || !ifMatch(current)) throw new IamError('precondition-failed');
  }

  /** The owner of the platform sets the standing of every account, whatever tenants it belongs to. */
  async #anybody(
    { users, tenants, memberships }: Repositories,
    { projectId, tenantId }: Administrator,
    { userId, ifMatch }: UpdateUserInput,
  ): Promise<Pick<GovernedMember, 'user' | 'elsewhere' | 'isOwner'> & { readonly membership: Membership | undefined }> {
    const user = await users.byId(projectId, userId);
    const root = await tenants.byId(projectId, tenantId);
    if (user === undefined || user.toState().deletedAt !== null) throw new IamError('not-found');
    const membership = await memberships.find(projectId, tenantId, userId);
    if (ifMatch !== undefined) await this.#assertMatches(projectId, tenantId, userId, ifMatch);
    return { user, membership, elsewhere: false, isOwner: root?.toState().ownerId === userId };
  }

  async #newEmail(actor: Administrator, userId: UserId, raw: string): Promise<EmailAddress> {
    // One's own address asks for no consent, so it asks for what it asks for everywhere.
    if ('userId' in actor && actor.userId === userId) await this.#deps.stepUp.assert(actor);
    const email = this.#deps.parseEmail(raw);
    await this.#deps.mailBudget.assert(actor.projectId, email);
    return email;
  }
}

function isSelf(actor: Administrator, userId: UserId): boolean {
  return 'userId' in actor && actor.userId === userId;
}

/** Nothing but the status is asked to change, whatever it was before. */
function isStandingAlone({ userId: _, ifMatch: __, status, ...others }: UpdateUserInput): boolean {
  return status !== undefined && Object.values(others).every((value) => value === undefined);
}

function changeProfile(
  { audit }: Repositories,
  actor: Administrator,
  user: User,
  change: ProfileChange,
  now: Date,
): void {
  if (Object.values(change).every((value) => value === undefined)) return;
  const before = user.toState();
  user.changeProfile(change, now);
  const what = { action: 'user.updated', entityType: 'user', entityId: user.id, userId: user.id } as const;
  audit.record(audited(actor, { ...what, ...changesOf(change, before, user.toState()) }, now));
}

function requestEmail(
  { oneTimeTokens, audit }: Repositories,
  actor: Administrator,
  user: User,
  email: EmailAddress,
  now: Date,
): void {
  if (email === user.toState().email) return;
  if (user.toState().status === 'invited') {
    const message = 'of an invited person cannot be changed: invite the other address';
    throw invalidField('email', message, 'NOT_ALLOWED');
  }
  user.requestEmailChange(email, now, { byOther: !isSelf(actor, user.id) });
  oneTimeTokens.discard(user.toState().projectId, user.id, EMAIL_CHANGE_TOKENS);
  const what = { action: 'auth.email-change.requested', entityType: 'user', entityId: user.id } as const;
  audit.record(audited(actor, { ...what, userId: user.id, after: { pendingEmail: email } }, now));
}
