import type { MembershipState } from '../../domain/tenant/membership.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Member, MemberDirectory, MemberFilter } from '../../ports/directories/member-directory.ts';
import { rolesOf } from './member-roles.ts';
import { pageOf } from './page-of.ts';
import { type MemoryStore, scoped } from './store.ts';

export function memberDirectory(store: MemoryStore): MemberDirectory {
  const { memberships, users } = store;
  const memberOf = (membership: MembershipState): Member | undefined => {
    const user = users.get(scoped(membership.projectId, membership.userId));
    return user && { user, membership, roles: rolesOf(store, membership).map(({ slug }) => slug) };
  };
  return {
    byId: async (projectId, tenantId, userId) => {
      const membership = memberships.get(scoped(projectId, tenantId, userId));
      return membership && memberOf(membership);
    },
    page: async (projectId, tenantId, filter, request) => {
      const members = memberships.ofGroup('tenant', scoped(projectId, tenantId)).flatMap((row) => memberOf(row) ?? []);
      const fitting = members
        .filter((member) => fits(member, filter))
        .map((member) => ({ id: member.user.id, member }));
      const { items, hasMore } = pageOf(fitting, request);
      return { items: items.map(({ member }) => member), hasMore };
    },
  };
}

function fits({ user, membership, roles }: Member, { status, search, role, includeDeleted }: MemberFilter): boolean {
  if (!includeDeleted && (membership.deletedAt !== null || user.deletedAt !== null)) return false;
  if (status !== undefined && statusHere(user, membership) !== status) return false;
  if (role !== undefined && !roles.includes(role)) return false;
  const texts = [user.email, user.firstName, user.lastName].map((text) => text?.toLowerCase());
  return search === undefined || texts.some((text) => text?.startsWith(search.toLowerCase()));
}

/** As the tenant sees it. */
function statusHere({ status }: UserState, { disabledAt }: MembershipState): UserState['status'] {
  return status === 'active' && disabledAt !== null ? 'disabled' : status;
}
