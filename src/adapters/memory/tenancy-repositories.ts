import { isExact } from '../../domain/role/permission.ts';
import { PermissionModule } from '../../domain/role/permission-module.ts';
import { Invitation } from '../../domain/tenant/invitation.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import { OwnershipTransfer } from '../../domain/tenant/ownership-transfer.ts';
import { Tenant } from '../../domain/tenant/tenant.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { removeTenant } from './cascades.ts';
import type { CollectedChanges } from './collected-changes.ts';
import { LostRace } from './commit.ts';
import { activeMembership, memberRoles } from './member-roles.ts';
import { modulesOf } from './modules-of.ts';
import { roleRepository } from './role-repository.ts';
import { type MemoryStore, scoped } from './store.ts';

/** The repositories of tenants, and of who and what belongs to them. */
export function tenancyRepositories(
  store: MemoryStore,
  changes: CollectedChanges,
): Pick<
  Repositories,
  'tenants' | 'roles' | 'memberships' | 'permissionModules' | 'invitations' | 'ownershipTransfers'
> {
  const { tenants, memberships, permissionModules, invitations, ownershipTransfers } = store;
  return {
    tenants: {
      byId: async (projectId, id) => changes.read(tenants, scoped(projectId, id), Tenant.rehydrate),
      ownedBy: async (projectId, ownerId) =>
        tenants
          .keysOfGroup('owner', scoped(projectId, ownerId))
          .flatMap((key) => changes.read(tenants, key, Tenant.rehydrate) ?? []),
      save: (tenant) => changes.save(tenants, tenant),
      remove: (tenant) => changes.remove(tenant, (commit, key) => removeTenant(store, commit, key)),
    },
    roles: roleRepository(store, changes),
    memberships: {
      find: async (projectId, tenantId, userId) =>
        changes.read(memberships, scoped(projectId, tenantId, userId), Membership.rehydrate),
      landing: async (projectId, tenantId, userId) => {
        const membership = activeMembership(store, projectId, tenantId, userId);
        const tenant = tenants.get(scoped(projectId, tenantId));
        return membership && tenant && { tenant, roles: memberRoles(store, membership) };
      },
      countElsewhere: async (projectId, tenantId, userId) =>
        memberships
          .ofGroup('user', scoped(projectId, userId))
          .filter((membership) => membership.tenantId !== tenantId && membership.deletedAt === null).length,
      save: (membership) => changes.save(memberships, membership),
    },
    permissionModules: {
      ofProject: async (projectId) =>
        modulesOf(store, projectId).flatMap(
          ({ name }) => changes.read(permissionModules, scoped(projectId, name), PermissionModule.rehydrate) ?? [],
        ),
      byName: async (projectId, name) =>
        changes.read(permissionModules, scoped(projectId, name), PermissionModule.rehydrate),
      save: (module) => changes.save(permissionModules, module),
      use: (module, names) => {
        const key = permissionModules.keyOf(module.toState());
        changes.change((commit) => {
          const present = permissionModules.get(key);
          const registered = new Set(present?.permissions.map(({ name }) => name));
          if (present === undefined || !names.filter(isExact).every((name) => registered.has(name)))
            throw new LostRace();
          commit.put(permissionModules, present);
        });
      },
      remove: (module) => changes.remove(module, (commit, key) => commit.delete(permissionModules, key)),
    },
    invitations: {
      byId: async (projectId, tenantId, id) =>
        changes.read(invitations, scoped(projectId, tenantId, id), Invitation.rehydrate),
      byDigest: async (projectId, digests) => {
        const keys = digests.flatMap((digest) => invitations.keyByUnique('digest', scoped(projectId, digest)) ?? []);
        return changes.read(invitations, keys[0], Invitation.rehydrate);
      },
      byEmail: async (projectId, tenantId, email) => {
        const key = invitations.keyByUnique('address', scoped(projectId, tenantId, email));
        return changes.read(invitations, key, Invitation.rehydrate);
      },
      ofUser: async (projectId, userId) => {
        const key = invitations.keyByUnique('user', scoped(projectId, userId));
        return changes.read(invitations, key, Invitation.rehydrate);
      },
      save: (invitation) => changes.save(invitations, invitation),
      remove: (invitation) => changes.remove(invitation, (commit, key) => commit.delete(invitations, key)),
    },
    ownershipTransfers: {
      ofTenant: async (projectId, tenantId) =>
        changes.read(ownershipTransfers, scoped(projectId, tenantId), OwnershipTransfer.rehydrate),
      ofPerson: async (projectId, userId) =>
        memberships
          .ofGroup('user', scoped(projectId, userId))
          .flatMap(({ tenantId }) => ownershipTransfers.keysOfGroup('member', scoped(projectId, tenantId, userId)))
          .flatMap((key) => changes.read(ownershipTransfers, key, OwnershipTransfer.rehydrate) ?? []),
      save: (transfer) => changes.save(ownershipTransfers, transfer),
      remove: (transfer) => changes.remove(transfer, (commit, key) => commit.delete(ownershipTransfers, key)),
    },
  };
}
