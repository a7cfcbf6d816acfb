import { IamError } from '../../domain/errors.ts';
import { isOfModule } from '../../domain/role/permission.ts';
import { Role } from '../../domain/role/role.ts';
import type { Excerpt, RoleRepository } from '../../ports/repositories/role-repository.ts';
import type { CollectedChanges } from './collected-changes.ts';
import type { Commit } from './commit.ts';
import { activeMembership, rolesOf } from './member-roles.ts';
import { type MemoryStore, scoped } from './store.ts';

export function roleRepository(store: MemoryStore, changes: CollectedChanges): RoleRepository {
  const { roles, memberships } = store;
  const read = (key: string | undefined) => changes.read(roles, key, Role.rehydrate);

  function unassign(commit: Commit, roleKey: string): void {
    for (const key of memberships.keysOfGroup('role', roleKey)) {
      const row = memberships.row(key);
      if (row === undefined) continue;
      const roleIds = row.state.roleIds.filter(
        (roleId) => scoped(row.state.projectId, row.state.tenantId, roleId) !== roleKey,
      );
      commit.put(memberships, { ...row.state, roleIds }, row.version);
    }
  }

  return {
    byId: async (projectId, tenantId, id) => read(scoped(projectId, tenantId, id)),
    bySlug: async (projectId, tenantId, slug) => read(roles.keyByUnique('slug', scoped(projectId, tenantId, slug))),
    bySlugs: async (projectId, tenantId, slugs) =>
      [...new Set(slugs)].flatMap((slug) => read(roles.keyByUnique('slug', scoped(projectId, tenantId, slug))) ?? []),
    ofMember: async (projectId, tenantId, userId) =>
      (activeMembership(store, projectId, tenantId, userId)?.roleIds ?? []).flatMap(
        (id) => read(scoped(projectId, tenantId, id)) ?? [],
      ),
    heldBy: async (projectId, userId) =>
      memberships
        .ofGroup('user', scoped(projectId, userId))
        .filter(({ deletedAt }) => deletedAt === null)
        .map((membership) => {
          const names = rolesOf(store, membership).flatMap(({ permissions }) => permissions);
          return { tenantId: membership.tenantId, permissions: [...new Set(names)] };
        }),
    holdersOf: async (projectId, tenantId, id, most) =>
      excerpt(
        memberships.ofGroup('role', scoped(projectId, tenantId, id)).map(({ userId }) => userId),
        most,
        (userId) => userId,
      ),
    ofModule: async (projectId, module, most) =>
      excerpt(
        [...roles.entries()]
          .map(([, role]) => role)
          .filter((role) => role.projectId === projectId && role.permissions.some((name) => isOfModule(name, module)))
          .map(({ tenantId, id }) => ({ tenantId, id })),
        most,
        ({ tenantId, id }) => scoped(tenantId, id),
      ),
    save: (role) => changes.save(roles, role),
    remove: (role, { evenIfHeld }) =>
      changes.remove(role, (commit, key) => {
        if (evenIfHeld) unassign(commit, key);
        commit.delete(roles, key);
        commit.require(() => {
          if (memberships.keysOfGroup('role', key).length > 0) throw new IamError('role-in-use');
        });
      }),
    withdrawModule: (projectId, module) =>
      changes.change((commit) => {
        for (const [, role] of [...roles.entries()]) {
          if (role.projectId !== projectId || !role.permissions.some((name) => isOfModule(name, module))) continue;
          commit.put(roles, { ...role, permissions: role.permissions.filter((name) => !isOfModule(name, module)) });
        }
      }),
  };
}

function excerpt<Item>(all: readonly Item[], most: number, nameOf: (item: Item) => string): Excerpt<Item> {
  const first = all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, most);
  return { count: all.length, first };
}
