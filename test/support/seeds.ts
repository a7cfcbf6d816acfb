import type { Project, ProjectId, ProjectState } from '../../src/domain/project/project.ts';
import type { Role } from '../../src/domain/role/role.ts';
import type { Tenant, TenantId } from '../../src/domain/tenant/tenant.ts';
import type { Registration, User, UserId } from '../../src/domain/user/user.ts';
import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';
import { aMembership, aProject, aTenant, aUser } from './builders.ts';

/** A committed project and its root tenant. */
export interface Place {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly project: Project;
  readonly tenant: Tenant;
  readonly ownerRole: Role;
  readonly roles: readonly Role[];
}

export async function seedProject(
  unitOfWork: UnitOfWork,
  now: Date,
  given: Partial<ProjectState> = {},
): Promise<Place> {
  const parts = aProject(now, given);
  await unitOfWork.run(async ({ projects, tenants, roles }) => {
    projects.save(parts.project);
    tenants.save(parts.tenant);
    for (const role of parts.roles) roles.save(role);
  });
  return { ...parts, projectId: parts.project.id, tenantId: parts.tenant.id };
}

/** Another tenant in the same project. */
export async function seedTenant(
  unitOfWork: UnitOfWork,
  now: Date,
  place: Place,
  ownerId: UserId | null = null,
): Promise<Place> {
  const parts = aTenant(now, { projectId: place.projectId, ownerId });
  await unitOfWork.run(async ({ tenants, roles }) => {
    tenants.save(parts.tenant);
    for (const role of parts.roles) roles.save(role);
  });
  return { ...place, ...parts, tenantId: parts.tenant.id };
}

/** A committed user who is a member of the place with the given roles. */
export async function seedUser(
  unitOfWork: UnitOfWork,
  now: Date,
  place: Place,
  given: Partial<Registration> = {},
  held: readonly Role[] = [],
): Promise<User> {
  const user = aUser(now, { ...given, projectId: place.projectId });
  await unitOfWork.run(async ({ users, memberships }) => {
    users.save(user);
    memberships.save(aMembership(now, { ...place, userId: user.id }, held));
  });
  return user;
}
