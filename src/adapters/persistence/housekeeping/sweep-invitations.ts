import { sql } from 'drizzle-orm';
import { EXPIRED_INVITATION_KEPT_SECONDS } from '../../../domain/tenant/invitation.ts';
import type { Database } from '../database.ts';
import { invitations, users } from '../schema/index.ts';
import type { Sweep } from './sweep.ts';

/** Expired invitations that were kept for long enough, with whoever stood in for the invited people. */
export function sweepInvitations(database: Database): Sweep {
  return async (now, limit) => {
    const expiredBefore = new Date(now.getTime() - EXPIRED_INVITATION_KEPT_SECONDS * 1000);
    const gone = await database.execute(sql`
      with forgotten as materialized (
        select ${invitations.projectId}, ${invitations.tenantId}, ${invitations.id}, ${invitations.userId}
        from ${invitations} where ${invitations.expiresAt} <= ${expiredBefore.toISOString()}::timestamptz
        limit ${limit} for update skip locked
      ), gone_users as (
        delete from ${users} using forgotten where ${users.projectId} = forgotten.project_id
          and ${users.id} = forgotten.user_id and ${users.status} = 'invited'
      )
      delete from ${invitations} using forgotten where ${invitations.projectId} = forgotten.project_id
        and ${invitations.tenantId} = forgotten.tenant_id and ${invitations.id} = forgotten.id
      returning 1
    `);
    return gone.length;
  };
}
