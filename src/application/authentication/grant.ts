import type { ProjectState } from '../../domain/project/project.ts';
import { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import { isInUse } from '../../domain/user/user.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';

/**
 * Whether everything that a session rests on is still there: the session itself, the person, the tenant, the
 * membership (OAuth 2.1 §4.3.1). Its age is another question.
 */
export function grantStands({ session, user, tenant, roles }: SessionStanding): boolean {
  return (
    session.endedAt === null &&
    session.epoch === user.sessionEpoch &&
    isInUse(user) &&
    tenant.blockedAt === null &&
    roles !== undefined
  );
}

/** What the person may do in the session's tenant. */
export function permissionsOf(
  standing: Pick<SessionStanding, 'tenant' | 'roles'>,
  project: Pick<ProjectState, 'platform' | 'rootTenantId'>,
): EffectivePermissions {
  return new EffectivePermissions(
    (standing.roles ?? []).flatMap((role) => role.permissions),
    { platform: project.platform && project.rootTenantId === standing.tenant.id },
  );
}
