import { sql } from 'drizzle-orm';
import { UNPROVEN_ACCOUNT_LIFE_SECONDS } from '../../../domain/user/account-standing.ts';
import type { Database } from '../database.ts';
import {
  memberships,
  projects,
  projectSeats as seats,
  refreshTokens as sessions,
  tenants,
  ownershipTransfers as transfers,
  users,
} from '../schema/index.ts';
import { awaitsRecord } from './awaiting-record.ts';
import type { Sweep } from './sweep.ts';

/**
 * Accounts that were unproven for too long where proof is required, with their seats and the tenants that they own.
 * The owner of a root tenant stays: a project cannot be without that tenant. Whoever is invited has no account yet, and
 * whoever has no address has come by a provider. Whose end is to be written down, or that of an offer, stays until it is.
 */
export function sweepUnprovenAccounts(database: Database): Sweep {
  return async (now, limit) => {
    const madeBefore = new Date(now.getTime() - UNPROVEN_ACCOUNT_LIFE_SECONDS * 1000);
    const gone = await database.execute(sql`
      with unproven as materialized (
        select ${users.projectId}, ${users.id} from ${users} join ${projects} on ${projects.id} = ${users.projectId}
        where ${users.emailVerifiedAt} is null and ${users.email} is not null and ${users.status} <> 'invited'
          and ${users.createdAt} <= ${madeBefore.toISOString()}::timestamptz
          and (${projects.settings} -> 'emailVerificationRequired')::boolean
          and not exists (
            select from ${tenants} where ${tenants.projectId} = ${projects.id}
              and ${tenants.id} = ${projects.rootTenantId} and ${tenants.ownerId} = ${users.id}
          )
          and not exists (
            select from ${sessions} where ${sessions.projectId} = ${users.projectId}
              and ${sessions.userId} = ${users.id} and ${awaitsRecord()}
          )
          and not exists (
            select from ${memberships} join ${transfers} on ${transfers.projectId} = ${memberships.projectId}
              and ${transfers.tenantId} = ${memberships.tenantId}
              and ${memberships.userId} in (${transfers.ownerId}, ${transfers.newOwnerId})
            where ${memberships.projectId} = ${users.projectId} and ${memberships.userId} = ${users.id}
              and ${transfers.expiresAt} > ${now.toISOString()}::timestamptz
          )
        limit ${limit} for update of ${users} skip locked
      ), gone_tenants as (
        delete from ${tenants} using unproven
        where ${tenants.projectId} = unproven.project_id and ${tenants.ownerId} = unproven.id
      ), gone as (
        delete from ${users} using unproven
        where ${users.projectId} = unproven.project_id and ${users.id} = unproven.id
        returning ${users.projectId}, ${users.holdsSeat}
      ), released as (
        update ${seats} set taken = greatest(taken - count, 0)
        from (select project_id, count(*)::integer as count from gone where holds_seat group by project_id) as freed
        where ${seats.projectId} = freed.project_id
      )
      select 1 from gone
    `);
    return gone.length;
  };
}
