import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';

/**
 * Over the Gate nobody lands outside the root tenant.
 * @throws IamError `not-found` for a tenant that is not theirs, like for one that does not exist; `tenant-blocked`
 */
export async function assertMayLandIn(
  { memberships, tenants }: Pick<Repositories, 'memberships' | 'tenants'>,
  { dialect }: Visitor,
  { id: projectId, rootTenantId }: ProjectState,
  tenantId: TenantId,
  userId: UserId,
): Promise<void> {
  if (dialect === 'gate' && tenantId !== rootTenantId) throw new IamError('not-found');
  const [membership, tenant] = await Promise.all([
    memberships.find(projectId, tenantId, userId),
    tenants.byId(projectId, tenantId),
  ]);
  if (membership === undefined || tenant === undefined) throw new IamError('not-found');
  if (tenant.toState().blockedAt !== null) throw new IamError('tenant-blocked');
}
