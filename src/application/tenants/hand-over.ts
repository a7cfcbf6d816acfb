import { IamError } from '../../domain/errors.ts';
import { ADMIN_SLUG, OWNER_SLUG } from '../../domain/role/role.ts';
import type { Tenant } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';

/**
 * A tenant and its owner role pass to another active member in the commit that this is part of, so that there is
 * exactly one owner at any time. Whoever owned it keeps the role `admin`, where there is one.
 * @throws IamError `not-found` for nobody who is an active member, `rbac-limit-exceeded`
 */
export async function handOver(
  { tenants, memberships, roles }: Pick<Repositories, 'tenants' | 'memberships' | 'roles'>,
  tenant: Tenant,
  { from, to }: { readonly from: UserId; readonly to: UserId },
  now: Date,
): Promise<void> {
  const { projectId, id } = tenant.toState();
  const owner = await roles.bySlug(projectId, id, OWNER_SLUG);
  const admin = await roles.bySlug(projectId, id, ADMIN_SLUG);
  const before = await memberships.find(projectId, id, from);
  const after = await memberships.find(projectId, id, to);
  if (after?.active !== true) throw new IamError('not-found');
  if (owner === undefined || before === undefined) throw new IamError('conflict');
  before.unassign(owner.id, now);
  if (admin !== undefined) before.assign(admin.id, now);
  after.assign(owner.id, now);
  tenant.transferTo(to, now);
  for (const membership of [before, after]) memberships.save(membership);
  tenants.save(tenant);
}
