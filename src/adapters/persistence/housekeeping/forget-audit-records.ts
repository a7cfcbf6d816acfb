import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { auditSeals as seals } from '../schema/index.ts';

type Forget = (database: Database, before: string, limit: number) => Promise<number>;

/** In this order: a record that goes is under no seal any more that a chain still shows. */
const STEPS: readonly Forget[] = [forgetSeals, forgetUnsorted, dropMonths];

export async function forgetAuditRecords(database: Database, before: Date, limit: number): Promise<number> {
  for (const step of STEPS) {
    const gone = await step(database, before.toISOString(), limit);
    if (gone > 0) return gone;
  }
  return 0;
}

/** Of each chain the latest of them stays, without its records: it stands for everything up to it. */
async function forgetSeals(database: Database, before: string, limit: number): Promise<number> {
  const [gone] = await database.execute<{ count: string | number }>(sql`
    with old as materialized (
      select project_id, tenant_id, "number" from ${seals}
      where ${seals.oldest} < ${before}::timestamptz and ${seals.records} is not null
      order by ${seals.oldest} limit ${limit}
    ), latest as (
      select project_id, tenant_id, max("number") as "number" from old group by project_id, tenant_id
    ), outlived as (
      update ${seals} set records = null from latest
      where ${seals.projectId} = latest.project_id and ${seals.tenantId} = latest.tenant_id
        and ${seals.number} = latest."number"
    ), gone as (
      delete from ${seals} using latest
      where ${seals.projectId} = latest.project_id and ${seals.tenantId} = latest.tenant_id
        and ${seals.number} < latest."number"
    )
    select count(*) from old
  `);
  return Number(gone?.count ?? 0);
}

/** What came when there was no partition for its month. */
async function forgetUnsorted(database: Database, before: string, limit: number): Promise<number> {
  const gone = await database.execute(sql`
    delete from audit_records_default where ctid = any(array(
      select ctid from audit_records_default
      where "timestamp" < ${before}::timestamptz and sealed_in is not null limit ${limit}
    )) returning 1
  `);
  return gone.length;
}

async function dropMonths(database: Database, before: string): Promise<number> {
  const [dropped] = await database.execute<{ count: number }>(
    sql`select drop_audit_partitions(${before}::timestamptz) as "count"`,
  );
  return Number(dropped?.count ?? 0);
}
