import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { invitations, users } from '../schema/index.ts';
import type { Sweep } from './housekeeping.ts';

/** Invitations that expired thirty days ago, with whoever stood in for the invited people. */
export function sweepInvitations(database: Database): Sweep {
  return async (now, limit) => {
    const gone = await database.execute(sql`
      with forgotten as materialized (
        select ${invitations.projectId}, ${invitations.tenantId}, ${invitations.id}, ${invitations.userId}
        from ${invitations} where ${invitations.expiresAt} <= ${now.toISOString()}::timestamptz - interval '30 days'
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
