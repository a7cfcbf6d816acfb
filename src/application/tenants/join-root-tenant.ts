import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/**
 * The project's root tenant, as somebody sees it who is a member; whoever is not joins with the default role.
 * @throws IamError `tenant-blocked`, `account-disabled` for a member who was disabled or removed there
 */
export async function joinRootTenant(
  { tenants, memberships, roles, audit }: Pick<Repositories, 'tenants' | 'memberships' | 'roles' | 'audit'>,
  by: Visitor,
  project: ProjectState,
  userId: UserId,
  now: Date,
): Promise<TenantOfUser> {
  const { id: projectId, rootTenantId: tenantId } = project;
  const present = await memberships.landing(projectId, tenantId, userId);
  const tenant = present?.tenant ?? (await tenants.byId(projectId, tenantId))?.toState();
  if (tenant === undefined) throw new IamError('conflict');
  if (tenant.blockedAt !== null) throw new IamError('tenant-blocked');
  if (present !== undefined) return present;
  const member = await memberships.find(projectId, tenantId, userId);
  if (member !== undefined) {
    // Another sign-in at the same time may have brought them in since.
    const joined = member.active ? await memberships.landing(projectId, tenantId, userId) : undefined;
    if (joined === undefined) throw new IamError('account-disabled');
    return joined;
  }
  const role = await roles.bySlug(projectId, tenantId, project.settings.defaultRole);
  memberships.save(Membership.join({ projectId, tenantId, userId, roleIds: role === undefined ? [] : [role.id] }, now));
  const what = { entityType: 'tenant', entityId: tenantId, tenantId, userId, actorId: userId } as const;
  audit.record(audited(by, { action: 'tenant.joined', ...what }, now));
  return { tenant, roles: { slugs: role === undefined ? [] : [role.toState().slug], version: undefined } };
}
