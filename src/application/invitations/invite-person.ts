import { IamError, invalidField } from '../../domain/errors.ts';
import { MEMBER_SLUG, type Role } from '../../domain/role/role.ts';
import { Invitation, type InvitationId, type InvitationState } from '../../domain/tenant/invitation.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { User, type UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Authority } from '../roles/authority.ts';
import { type MemberView, memberView } from '../users/member-view.ts';
import type { InvitationBudget } from './invitation-budget.ts';
import { type InvitationView, invitationView } from './invitation-view.ts';

export interface InvitePersonInput {
  readonly email: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  /** Slugs; `member` unless said, where that role still exists. */
  readonly roles?: readonly string[] | undefined;
}

export interface Invited {
  readonly invitation: InvitationView;
  /** Whoever stands in the tenant's lists until somebody accepts. */
  readonly member: MemberView;
}

type InvitePersonDeps = Pick<Ports, 'userDirectory' | 'idGenerator' | 'clock'> & {
  readonly authority: Authority;
  readonly parseEmail: EmailParser;
  readonly invitationBudget: InvitationBudget;
};

/**
 * Offers an address a place in the actor's tenant. Whether anybody has the address shows nowhere; nobody chooses
 * another's password.
 */
export class InvitePerson {
  readonly #deps: InvitePersonDeps;
  constructor(deps: InvitePersonDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `email-not-verified` of the actor, `validation-error` also for an unknown role,
   * `owner-protected`, `rbac-limit-exceeded`, `already-member`, `invitation-pending`, `rate-limited`
   */
  async execute(actor: Administrator, input: InvitePersonInput): Promise<Invited> {
    const { authority, userDirectory, parseEmail, invitationBudget, idGenerator, clock } = this.#deps;
    const { projectId, tenantId } = actor;
    await authority.assert(actor, 'users.create');
    if ('userId' in actor) {
      const host = await userDirectory.byId(projectId, actor.userId);
      if (host?.emailVerifiedAt == null) throw new IamError('email-not-verified');
    }
    const email = parseEmail(input.email);
    // What is refused costs the address no mail; and one statement cannot put a row where it takes one away.
    await authority.commit(actor, 'users.create', async (repositories, granter) => {
      granter.assertMayGrant((await rolesFor(repositories, actor, input.roles)).flatMap(permissionsOf));
      await makeWay(repositories, actor, email, clock.now());
    });
    await invitationBudget.assert(projectId, email);
    return authority.commit(actor, 'users.create', async (repositories, granter) => {
      const now = clock.now();
      const { users, memberships, invitations, audit, requireUnchanged } = repositories;
      const roles = await rolesFor(repositories, actor, input.roles);
      granter.assertMayGrant(roles.flatMap(permissionsOf));
      for (const role of roles) requireUnchanged(role);
      await makeWay(repositories, actor, email, now);
      const userId = idGenerator.next<UserId>();
      const { firstName = null, lastName = null } = input;
      const user = User.invite({ id: userId, projectId, email, firstName, lastName }, now);
      const membership = Membership.join({ projectId, tenantId, userId, roleIds: roles.map(({ id }) => id) }, now);
      const id = idGenerator.next<InvitationId>();
      const invitation = Invitation.offer({ id, projectId, tenantId, email, userId, ...hostOf(actor) }, now);
      users.save(user);
      memberships.save(membership);
      invitations.save(invitation);
      const slugs = roles.map((role) => role.toState().slug).sort();
      const what = { action: 'user.invited', entityType: 'user', entityId: userId, userId } as const;
      audit.record(audited(actor, { ...what, after: { email, roles: slugs } }, now));
      return {
        invitation: invitationView({ invitation: invitation.toState(), roles: slugs }),
        member: memberView({ user: user.toState(), membership: membership.toState(), roles: slugs }),
      };
    });
  }
}

/** @throws IamError `validation-error`, `owner-protected` */
async function rolesFor(
  { roles }: Repositories,
  { projectId, tenantId }: Administrator,
  given: readonly string[] | undefined,
): Promise<readonly Role[]> {
  const slugs = [...new Set(given ?? [MEMBER_SLUG])];
  const found = await roles.bySlugs(projectId, tenantId, slugs);
  if (found.some((role) => role.toState().builtIn)) throw new IamError('owner-protected');
  if (given !== undefined && found.length < slugs.length) {
    const message = 'names a role that this tenant does not have';
    throw invalidField('roles', message, 'NOT_ALLOWED');
  }
  return found;
}

function permissionsOf(role: Role) {
  return role.toState().permissions;
}

/** An invitation that has expired makes way for another. @throws IamError `already-member`, `invitation-pending` */
async function makeWay(
  { users, memberships, invitations }: Repositories,
  { projectId, tenantId }: Administrator,
  email: EmailAddress,
  now: Date,
): Promise<void> {
  const holder = await users.byEmail(projectId, email);
  const membership = holder && (await memberships.find(projectId, tenantId, holder.id));
  if (membership !== undefined && membership.toState().deletedAt === null) throw new IamError('already-member');
  const earlier = await invitations.byEmail(projectId, tenantId, email);
  if (earlier === undefined) return;
  if (earlier.toState().expiresAt > now) throw new IamError('invitation-pending');
  const placeholder = await users.byId(projectId, earlier.toState().userId);
  invitations.remove(earlier);
  if (placeholder !== undefined) users.remove(placeholder);
}

function hostOf(actor: Administrator): Pick<InvitationState, 'invitedBy' | 'invitedByKey'> {
  return 'userId' in actor
    ? { invitedBy: actor.userId, invitedByKey: null }
    : { invitedBy: null, invitedByKey: actor.apiKeyId };
}
