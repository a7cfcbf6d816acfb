import type { ProjectState } from '../../domain/project/project.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/**
 * Makes sure that somebody is a member of the project's root tenant; whoever is not joins with the default role.
 * Answers the slugs of the roles that they joined with.
 */
export async function joinRootTenant(
  { memberships, roles, audit }: Pick<Repositories, 'memberships' | 'roles' | 'audit'>,
  by: Visitor,
  project: ProjectState,
  userId: UserId,
  now: Date,
): Promise<readonly string[]> {
  const { id: projectId, rootTenantId: tenantId } = project;
  if ((await memberships.find(projectId, tenantId, userId)) !== undefined) return [];
  const role = await roles.bySlug(projectId, tenantId, project.settings.defaultRole);
  memberships.save(Membership.join({ projectId, tenantId, userId, roleIds: role === undefined ? [] : [role.id] }, now));
  const what = { entityType: 'tenant', entityId: tenantId, tenantId, userId, actorId: userId } as const;
  audit.record(audited(by, { action: 'tenant.joined', ...what }, now));
  return role === undefined ? [] : [project.settings.defaultRole];
}
