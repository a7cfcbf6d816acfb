import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';

/**
 * The tenant that somebody lands in. Over the Gate nobody lands outside the root tenant.
 * @throws IamError `not-found` for a tenant that is not theirs, like for one that does not exist; `tenant-blocked`
 */
export async function landIn(
  { memberships }: Pick<Repositories, 'memberships'>,
  { dialect }: Visitor,
  { id: projectId, rootTenantId }: ProjectState,
  tenantId: TenantId,
  userId: UserId,
): Promise<TenantOfUser> {
  if (dialect === 'gate' && tenantId !== rootTenantId) throw new IamError('not-found');
  const landing = await memberships.landing(projectId, tenantId, userId);
  if (landing === undefined) throw new IamError('not-found');
  if (landing.tenant.blockedAt !== null) throw new IamError('tenant-blocked');
  return landing;
}
