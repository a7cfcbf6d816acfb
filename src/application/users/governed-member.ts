import { IamError } from '../../domain/errors.ts';
import type { Membership } from '../../domain/tenant/membership.ts';
import type { Tenant } from '../../domain/tenant/tenant.ts';
import type { User, UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import type { Granter } from '../roles/granter.ts';

/** Somebody whom the actor may act on, in the commit that does so. */
export interface GovernedMember {
  readonly user: User;
  readonly membership: Membership;
  readonly tenant: Tenant;
  /** Whether the person belongs to other tenants too: then the tenant governs the membership, and nothing else. */
  readonly elsewhere: boolean;
  readonly isOwner: boolean;
}

/**
 * A tenant governs memberships, a person their account (v1-api.md §5).
 * @throws IamError `not-found` for nobody of the actor's tenant, `forbidden` for somebody who holds what the actor lacks
 */
export async function governedMember(
  { users, memberships, tenants, roles, requireUnchanged }: Repositories,
  granter: Granter,
  { projectId, tenantId }: Administrator,
  userId: UserId,
): Promise<GovernedMember> {
  const user = await users.byId(projectId, userId);
  const membership = await memberships.find(projectId, tenantId, userId);
  const tenant = await tenants.byId(projectId, tenantId);
  if (user === undefined || membership === undefined || tenant === undefined) throw new IamError('not-found');
  // Whoever takes over a tenant gets a role there: what is decided here holds for who they are.
  requireUnchanged(membership);
  granter.assertGoverns(userId, await roles.heldBy(projectId, userId));
  const elsewhere = (await memberships.countElsewhere(projectId, tenantId, userId)) > 0;
  return { user, membership, tenant, elsewhere, isOwner: tenant.toState().ownerId === userId };
}

/** Whether the tenant's lists still show the person without being asked for removed ones. */
export function isPresent({ user, membership }: Pick<GovernedMember, 'user' | 'membership'>): boolean {
  return user.toState().deletedAt === null && membership.toState().deletedAt === null;
}
