import type { RoleRepository } from '../../../ports/repositories/role-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { moduleWithdrawal, roleUnassignment } from '../commit/role-changes.ts';
import { ROLE } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';
import { ROLE_OF_MEMBERSHIP } from '../schema/membership-roles.ts';
import { ROLE_SLUG } from '../schema/roles.ts';

export function roleRepository(queries: Queries['roles'], changes: ChangeSet): RoleRepository {
  return {
    byId: async (projectId, tenantId, id) => changes.rehydrated(ROLE, await queries.byId(projectId, tenantId, id)),
    bySlug: async (projectId, tenantId, slug) =>
      changes.rehydrated(ROLE, (await queries.bySlugs(projectId, tenantId, [slug]))[0]),
    bySlugs: async (projectId, tenantId, slugs) =>
      (await queries.bySlugs(projectId, tenantId, slugs)).map((row) => changes.rehydrated(ROLE, row)),
    ofMember: async (projectId, tenantId, userId) =>
      (await queries.ofMember(projectId, tenantId, userId)).map((row) => changes.rehydrated(ROLE, row)),
    heldBy: (projectId, userId) => queries.heldBy(projectId, userId),
    holdersOf: (projectId, tenantId, id, most) => queries.holdersOf(projectId, tenantId, id, most),
    ofModule: (projectId, module, most) => queries.ofModule(projectId, module, most),
    save: (role) => {
      changes.save(ROLE, role);
      changes.answerWith('role-already-exists', ROLE_SLUG);
    },
    remove: (role, { evenIfHeld }) => {
      changes.remove(role);
      if (evenIfHeld) changes.add(roleUnassignment(role.toState()));
      else changes.answerWith('role-in-use', ROLE_OF_MEMBERSHIP);
    },
    withdrawModule: (projectId, module) => changes.add(moduleWithdrawal(projectId, module)),
  };
}
