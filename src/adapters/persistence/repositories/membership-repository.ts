import type { MembershipRepository } from '../../../ports/repositories/membership-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { MEMBERSHIP } from '../mappings.ts';
import { tenantOfUser } from '../queries/landing.ts';
import type { Queries } from '../queries/queries.ts';

export function membershipRepository(queries: Queries['memberships'], changes: ChangeSet): MembershipRepository {
  return {
    find: async (projectId, tenantId, userId) =>
      changes.rehydrated(MEMBERSHIP, await queries.find(projectId, tenantId, userId)),
    landing: async (projectId, tenantId, userId) => tenantOfUser(await queries.landing(projectId, tenantId, userId)),
    countElsewhere: (projectId, tenantId, userId) => queries.countElsewhere(projectId, tenantId, userId),
    save: (membership) => changes.save(MEMBERSHIP, membership),
  };
}
