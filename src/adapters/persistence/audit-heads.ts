import { sql } from 'drizzle-orm';
import type { AuditChain, KeptHead } from '../../domain/audit/audit-chain.ts';
import type { StandingChain } from '../../ports/audit-archive.ts';
import type { Database } from './database.ts';
import { NO_TENANT } from './schema/audit-seals.ts';
import { auditSeals as seals } from './schema/index.ts';

/** From chain to chain, over all of its seals at a step: a chain has millions of them. */
export async function auditHeads(
  database: Database,
  after: AuditChain | undefined,
  limit: number,
): Promise<readonly StandingChain[]> {
  const chain = sql`(${seals.projectId}, ${seals.tenantId})`;
  const beyond = after && sql`where ${chain} > (${after.projectId}::uuid, ${after.tenantId ?? NO_TENANT}::uuid)`;
  const first = sql`order by ${seals.projectId}, ${seals.tenantId} limit 1`;
  const rows = await database.execute<Row>(sql`
    with recursive chain as (
      (select project_id, tenant_id, 1 as place from ${seals} ${beyond} ${first})
      union all
      select further.project_id, further.tenant_id, place + 1 from chain, lateral (
        select project_id, tenant_id from ${seals} where ${chain} > (chain.project_id, chain.tenant_id) ${first}
      ) as further where place < ${limit}
    )
    select chain.project_id as "projectId", chain.tenant_id as "tenantId", "number", hash, "count", attestation
    from chain, lateral (
      select "number", hash, "count", attestation from ${seals}
      where ${seals.projectId} = chain.project_id and ${seals.tenantId} = chain.tenant_id
      order by ${seals.number} desc limit 1
    ) as head order by place
  `);
  return rows.map(({ projectId, tenantId, number, hash, count, attestation }) => ({
    chain: { projectId, tenantId: tenantId === NO_TENANT ? null : tenantId },
    head: { number: Number(number), hash, count: Number(count), attestation },
  }));
}

/** `bigint` comes as a text from some drivers. */
type Row = Pick<AuditChain, 'projectId'> &
  Pick<KeptHead, 'hash' | 'attestation'> & {
    readonly tenantId: NonNullable<AuditChain['tenantId']>;
    readonly number: number | string;
    readonly count: number | string;
  };

/** In one order and past whatever is locked, so that nobody waits in a ring. */
export async function attestHeads(
  database: Database,
  heads: readonly (StandingChain & { readonly attestation: string })[],
): Promise<number> {
  const given = heads.map(({ chain: { projectId, tenantId }, head, attestation }) => ({
    ...{ projectId, tenantId: tenantId ?? NO_TENANT, number: head.number, was: head.attestation, attestation },
  }));
  const attested = await database.execute(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given(
        "projectId" uuid, "tenantId" uuid, "number" bigint, "was" text, "attestation" text
      )
    ), mine as materialized (
      select given.* from given
      join ${seals} on ${seals.projectId} = given."projectId" and ${seals.tenantId} = given."tenantId"
        and ${seals.number} = given."number" and ${seals.attestation} is not distinct from given."was"
      order by given."projectId", given."tenantId" for update of ${seals} skip locked
    )
    update ${seals} set attestation = mine."attestation" from mine
    where ${seals.projectId} = mine."projectId" and ${seals.tenantId} = mine."tenantId"
      and ${seals.number} = mine."number" returning 1
  `);
  return attested.length;
}
