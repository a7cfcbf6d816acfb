import type { ProjectId } from '../../domain/project/project.ts';
import { OWNER_SLUG, starterRoles } from '../../domain/role/role.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import { Tenant, type TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Operator, UserActor, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/** Saves a new tenant with its starter roles, and its owner's membership where it has an owner. As the owner sees it. */
export function establishTenant(
  { tenants, roles, memberships, audit }: Pick<Repositories, 'tenants' | 'roles' | 'memberships' | 'audit'>,
  by: Visitor | UserActor | Operator,
  tenant: {
    readonly id: TenantId;
    readonly projectId: ProjectId;
    readonly name: string;
    readonly logoUrl?: string | null | undefined;
    readonly ownerId: UserId | null;
    readonly root: boolean;
  },
  idGenerator: IdGenerator,
  now: Date,
): TenantOfUser {
  const { id: tenantId, projectId, name, logoUrl, ownerId, root } = tenant;
  const starters = starterRoles({ projectId, tenantId, root, createdBy: ownerId }, () => idGenerator.next(), now);
  const founded = Tenant.found(
    { id: tenantId, projectId, name, logoUrl, ownerId, roleCount: starters.all.length },
    now,
  );
  tenants.save(founded);
  for (const role of starters.all) roles.save(role);
  if (ownerId !== null) {
    memberships.save(Membership.join({ projectId, tenantId, userId: ownerId, roleIds: [starters.owner.id] }, now));
  }
  const what = { entityType: 'tenant', entityId: tenantId, after: { name } } as const;
  const founder = ownerId === null ? {} : { actorId: ownerId };
  audit.record(audited(by, { action: 'tenant.created', projectId, tenantId, ...founder, ...what }, now));
  return { tenant: founded.toState(), roles: { slugs: [OWNER_SLUG], version: undefined } };
}
