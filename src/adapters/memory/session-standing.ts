import type { ProjectId } from '../../domain/project/project.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import { activeMembership, memberRoles } from './member-roles.ts';
import { type MemoryStore, scoped } from './store.ts';

/** A session with everything that it rests on, as it stands now. */
export function sessionStanding(store: MemoryStore, projectId: ProjectId, id: SessionId): SessionStanding | undefined {
  const session = store.sessions.get(scoped(projectId, id));
  if (session === undefined) return undefined;
  const user = store.users.get(scoped(projectId, session.userId));
  const tenant = store.tenants.get(scoped(projectId, session.tenantId));
  if (user === undefined || tenant === undefined) return undefined;
  const membership = activeMembership(store, projectId, session.tenantId, session.userId);
  const roles = membership && memberRoles(store, membership);
  const actor = session.impersonator && store.users.get(scoped(projectId, session.impersonator.userId));
  const impersonator = actor ? { epoch: actor.sessionEpoch, inUse: isInUse(actor) } : null;
  return { session, user, tenant, roles, impersonator };
}
