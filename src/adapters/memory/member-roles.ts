import type { RoleState } from '../../domain/role/role.ts';
import { isActiveMembership, type MembershipState } from '../../domain/tenant/membership.ts';
import type { MemberRoles, RolesVersion } from '../../ports/directories/session-directory.ts';
import { type MemoryStore, scoped } from './store.ts';

/** Ordered by slug. */
export function rolesOf(store: MemoryStore, { projectId, tenantId, roleIds }: MembershipState): readonly RoleState[] {
  return roleIds
    .flatMap((roleId) => store.roles.get(scoped(projectId, tenantId, roleId)) ?? [])
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

export function memberRoles(store: MemoryStore, membership: MembershipState): MemberRoles & { version: RolesVersion } {
  return {
    slugs: rolesOf(store, membership).map(({ slug }) => slug),
    version: rolesVersion(store, membership),
  };
}

/** What permissions follow from: the roles, each as it was changed last. */
function rolesVersion(store: MemoryStore, { projectId, tenantId, roleIds }: MembershipState): RolesVersion {
  const versions = roleIds.map((id) => `${id}:${store.roles.versionOf(scoped(projectId, tenantId, id))}`);
  return `roles ${versions.sort()}` as RolesVersion;
}

/** `undefined` where it opens nothing. */
export function activeMembership(
  { memberships }: MemoryStore,
  ...[projectId, tenantId, userId]: readonly [projectId: string, tenantId: string, userId: string]
): MembershipState | undefined {
  const membership = memberships.get(scoped(projectId, tenantId, userId));
  return membership && isActiveMembership(membership) ? membership : undefined;
}
