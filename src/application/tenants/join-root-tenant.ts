import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/**
 * Makes sure that somebody is a member of the project's root tenant; whoever is not joins with the default role.
 * Answers the slugs of the roles that they joined with.
 * @throws IamError `tenant-blocked`
 */
export async function joinRootTenant(
  { tenants, memberships, roles, audit }: Pick<Repositories, 'tenants' | 'memberships' | 'roles' | 'audit'>,
  by: Visitor,
  project: ProjectState,
  userId: UserId,
  now: Date,
): Promise<{ readonly id: TenantId; readonly name: string; readonly roles: readonly string[] }> {
  const { id: projectId, rootTenantId: tenantId } = project;
  const root = (await tenants.byId(projectId, tenantId))?.toState();
  if (root === undefined) throw new IamError('conflict');
  if (root.blockedAt !== null) throw new IamError('tenant-blocked');
  const joined = { id: tenantId, name: root.name };
  if ((await memberships.find(projectId, tenantId, userId)) !== undefined) return { ...joined, roles: [] };
  const role = await roles.bySlug(projectId, tenantId, project.settings.defaultRole);
  memberships.save(Membership.join({ projectId, tenantId, userId, roleIds: role === undefined ? [] : [role.id] }, now));
  const what = { entityType: 'tenant', entityId: tenantId, tenantId, userId, actorId: userId } as const;
  audit.record(audited(by, { action: 'tenant.joined', ...what }, now));
  return { ...joined, roles: role === undefined ? [] : [project.settings.defaultRole] };
}
