import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { Change } from './change.ts';

/** Every open session of the person in the tenant is over. */
export function sessionsEnded(projectId: ProjectId, tenantId: TenantId, userId: UserId, now: Date): Change {
  return {
    row: `refresh_tokens ${projectId} of ${userId} in ${tenantId}`,
    shape: 'end sessions',
    params: [now.toISOString(), projectId, userId, tenantId],
    answers: 'any',
    sql: (next) =>
      `update "refresh_tokens" set "ended_at" = ${next()}, "ended_by" = 'membership-ended', "version" = "version" + 1 ` +
      `where "project_id" = ${next()} and "user_id" = ${next()} and "tenant_id" = ${next()} and "ended_at" is null returning 1`,
  };
}
