import { sql } from 'drizzle-orm';
import type { SealedRecords } from '../../domain/audit/audit-seal.ts';
import type { Database } from './database.ts';
import { LostRace } from './failures.ts';
import { NO_TENANT } from './schema/audit-seals.ts';
import { auditRecords as records, auditSeals as seals } from './schema/index.ts';

/**
 * One statement for all chains. Whoever seals the same chain at the same moment finds its number taken, and keeps
 * nothing of that chain; the chains are gone through in one order, so that nobody waits in a ring. Marks that a record
 * has stay: they may have been erased since it was read.
 */
export async function keepAuditSeals(database: Database, sealed: readonly SealedRecords[]): Promise<number> {
  const moments = sealed.flatMap((chain) => chain.records.map(({ timestamp }) => timestamp.toISOString())).sort();
  try {
    const [kept] = await database.execute<{ marked: string | number }>(sql`
      with given as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(sealed.map(sealRow))}::jsonb) as given(
          "projectId" uuid, "tenantId" uuid, "number" bigint, "previousHash" text, "hash" text, "count" bigint,
          "sealedAt" timestamptz, "records" jsonb, "oldest" timestamptz, "followsForeign" boolean, "attestation" text
        )
      ), kept as (
        insert into ${seals}
          (project_id, tenant_id, "number", previous_hash, hash, "count", sealed_at, records, oldest, follows_foreign, attestation)
        select * from given
        where given."number" = 1 + coalesce((
          select max(${seals.number}) from ${seals}
          where ${seals.projectId} = given."projectId" and ${seals.tenantId} = given."tenantId"
        ), 0)
        order by given."projectId", given."tenantId"
        on conflict do nothing
        returning project_id, tenant_id, "number", "records"
      ), marks as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(sealed.flatMap(markRows))}::jsonb) as mark(
          "projectId" uuid, "tenantId" uuid, "id" uuid, "timestamp" timestamptz, "personalHash" text, "salt" text
        )
      ), marked as (
        update ${records} set sealed_in = kept."number",
          personal_hash = coalesce(${records.personalHash}, marks."personalHash"),
          salt = case when ${records.personalHash} is null then marks."salt" else ${records.salt} end
        from kept join marks on marks."projectId" = kept.project_id and marks."tenantId" = kept.tenant_id
        where ${records.projectId} = marks."projectId" and ${records.id} = marks."id"
          and ${records.timestamp} = marks."timestamp" and ${records.sealedIn} is null
          and ${records.timestamp} between ${moments.at(0)}::timestamptz and ${moments.at(-1)}::timestamptz
        returning 1
      )
      select count(*) as "marked",
        require_every_row(count(*) = (select coalesce(sum(jsonb_array_length("records")), 0) from kept))
      from marked
    `);
    return Number(kept?.marked ?? 0);
  } catch (error) {
    // A record was taken away since it was read: the next look will see.
    if (error instanceof LostRace) return 0;
    throw error;
  }
}

function sealRow({ seal, records }: SealedRecords) {
  const oldest = records.map(({ timestamp }) => timestamp.toISOString()).sort()[0];
  return { ...seal, tenantId: seal.tenantId ?? NO_TENANT, oldest };
}

function markRows({ seal, records }: SealedRecords) {
  const { projectId, tenantId } = seal;
  return records.map(({ id, timestamp, personalHash, salt }) => ({
    ...{ projectId, tenantId: tenantId ?? NO_TENANT, id, timestamp, personalHash, salt },
  }));
}
