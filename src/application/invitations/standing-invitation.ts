import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { Role } from '../../domain/role/role.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { Invitation } from '../../domain/tenant/invitation.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { HERE, keyActor } from '../actor.ts';
import { Granter } from '../roles/granter.ts';

/** What a token binds an invitation's digest to. */
export const INVITATION_CONTEXT = 'invitation';

/** An invitation that may be accepted now. */
export interface StandingInvitation {
  readonly invitation: Invitation;
  readonly placeholder: User;
  readonly roles: readonly Role[];
  readonly tenant: TenantState;
}

/**
 * An invitation is the grant of whoever sent it: it stands for as long as they could make it anew. The commit fails
 * like a lost race when that changes meanwhile.
 * @throws IamError `token-invalid`, `token-expired`, `tenant-blocked`, `forbidden`
 */
export async function standingInvitation(
  repositories: Repositories,
  project: ProjectState,
  digests: readonly SecretDigest[],
  now: Date,
): Promise<StandingInvitation> {
  const { users, tenants, roles: roleRepository, invitations, requireUnchanged } = repositories;
  const invitation = await invitations.byDigest(project.id, digests);
  if (invitation === undefined) throw new IamError('token-invalid');
  invitation.assertFresh(now);
  const { tenantId, userId, invitedBy, invitedByKey } = invitation.toState();
  const placeholder = await users.byId(project.id, userId);
  const tenant = await tenants.byId(project.id, tenantId);
  if (placeholder === undefined || tenant === undefined) throw new IamError('token-invalid');
  if (tenant.toState().blockedAt !== null) throw new IamError('tenant-blocked');
  const roles = await roleRepository.ofMember(project.id, tenantId, userId);
  const host =
    invitedByKey === null
      ? invitedBy && (await Granter.present(repositories, project, tenantId, invitedBy))
      : await Granter.ofKey(repositories, project, keyActor(invitedByKey, project, HERE), now);
  if (!host) throw new IamError('forbidden', {});
  host.assertAllows('users.create');
  host.assertMayGrant(roles.flatMap((role) => role.toState().permissions));
  for (const role of roles) requireUnchanged(role);
  return { invitation, placeholder, roles, tenant: tenant.toState() };
}
