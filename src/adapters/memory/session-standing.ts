import type { ProjectId } from '../../domain/project/project.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import type { MembershipState } from '../../domain/tenant/membership.ts';
import type { RoleGrant, SessionStanding } from '../../ports/directories/session-directory.ts';
import { type MemoryStore, scoped } from './store.ts';

/** A session with everything that it rests on, as it stands now. */
export function sessionStanding(store: MemoryStore, projectId: ProjectId, id: SessionId): SessionStanding | undefined {
  const session = store.sessions.get(scoped(projectId, id));
  if (session === undefined) return undefined;
  const user = store.users.get(scoped(projectId, session.userId));
  const tenant = store.tenants.get(scoped(projectId, session.tenantId));
  if (user === undefined || tenant === undefined) return undefined;
  const membership = store.memberships.get(scoped(projectId, session.tenantId, session.userId));
  return { session, user, tenant, roles: membership && grantsOf(store, membership) };
}

/** Ordered by slug. */
export function grantsOf(store: MemoryStore, membership: MembershipState): readonly RoleGrant[] {
  return membership.roleIds
    .flatMap((roleId) => store.roles.get(scoped(membership.projectId, membership.tenantId, roleId)) ?? [])
    .map(({ slug, permissions }) => ({ slug, permissions }))
    .sort((a, b) => (a.slug < b.slug ? -1 : 1));
}
