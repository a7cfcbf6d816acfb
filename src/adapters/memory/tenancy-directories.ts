import type { InvitationState } from '../../domain/tenant/invitation.ts';
import { isActiveMembership } from '../../domain/tenant/membership.ts';
import type { PendingInvitation } from '../../ports/directories/invitation-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import { memberDirectory } from './member-directory.ts';
import { activeMembership, memberRoles, rolesOf } from './member-roles.ts';
import { modulesOf } from './modules-of.ts';
import { pageOf } from './page-of.ts';
import { type MemoryStore, scoped } from './store.ts';

const LIST_LIMIT = 100;

/** Tenants, and who and what belongs to them. */
export function tenancyDirectories(
  store: MemoryStore,
): Pick<
  Ports,
  'tenantDirectory' | 'memberDirectory' | 'roleDirectory' | 'permissionModuleDirectory' | 'invitationDirectory'
> {
  const { tenants, memberships, roles, invitations } = store;
  const pending = (invitation: InvitationState): PendingInvitation => {
    const { projectId, tenantId, userId } = invitation;
    const membership = memberships.get(scoped(projectId, tenantId, userId));
    return { invitation, roles: membership ? rolesOf(store, membership).map(({ slug }) => slug) : [] };
  };
  return {
    tenantDirectory: {
      byId: async (projectId, id) => tenants.get(scoped(projectId, id)),
      page: async (projectId, request) => pageOf(tenants.ofGroup('project', projectId), request),
      ofUser: async (projectId, userId) =>
        memberships
          .ofGroup('user', scoped(projectId, userId))
          .filter(isActiveMembership)
          .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.tenantId < b.tenantId ? -1 : 1))
          .slice(0, LIST_LIMIT)
          .flatMap((membership) => {
            const tenant = tenants.get(scoped(projectId, membership.tenantId));
            return tenant ? [{ tenant, roles: memberRoles(store, membership) }] : [];
          }),
    },
    memberDirectory: memberDirectory(store),
    roleDirectory: {
      byId: async (projectId, tenantId, id) => roles.get(scoped(projectId, tenantId, id)),
      page: async (projectId, tenantId, request) =>
        pageOf(roles.ofGroup('tenant', scoped(projectId, tenantId)), request),
      permissionsOf: async (projectId, tenantId, userId) => {
        const membership = activeMembership(store, projectId, tenantId, userId);
        if (membership === undefined) return undefined;
        const names = rolesOf(store, membership).flatMap(({ permissions }) => permissions);
        return { rolesVersion: memberRoles(store, membership).version, permissions: [...new Set(names)] };
      },
      grantsOf: async (projectId, tenantId, userId) => {
        const membership = activeMembership(store, projectId, tenantId, userId);
        return membership && rolesOf(store, membership).map(({ slug, permissions }) => ({ slug, permissions }));
      },
    },
    permissionModuleDirectory: { ofProject: async (projectId) => modulesOf(store, projectId) },
    invitationDirectory: {
      byId: async (projectId, tenantId, id) => {
        const invitation = invitations.get(scoped(projectId, tenantId, id));
        return invitation && pending(invitation);
      },
      page: async (projectId, tenantId, now, request) => {
        const ofTenant = invitations.ofGroup('tenant', scoped(projectId, tenantId));
        const { items, hasMore } = pageOf(
          ofTenant.filter(({ expiresAt }) => expiresAt > now),
          request,
        );
        return { items: items.map(pending), hasMore };
      },
    },
  };
}
