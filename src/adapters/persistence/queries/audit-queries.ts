import { and, asc, desc, eq, getTableColumns, gt, isNotNull, isNull, lte, notExists, type SQL, sql } from 'drizzle-orm';
import type { AuditChain } from '../../../domain/audit/audit-chain.ts';
import { type Database, given } from '../database.ts';
import { NO_TENANT } from '../schema/audit-seals.ts';
import { auditRecords as records, auditSeals as seals } from '../schema/index.ts';

const { sealedIn: _number, ...found } = getTableColumns(records);
const { personalHash: _hash, salt: _salt, attestation: _attestation, ...columns } = found;

/** A record without its marks. */
export const recordColumns = columns;

/** Its records. */
export function isRecordOf({ projectId, tenantId }: AuditChain): SQL | undefined {
  const ofTenant = tenantId === null ? isNull(records.tenantId) : eq(records.tenantId, tenantId);
  return and(eq(records.projectId, projectId), ofTenant);
}

export function isSealOf({ projectId, tenantId }: AuditChain): SQL | undefined {
  return and(eq(seals.projectId, projectId), eq(seals.tenantId, tenantId ?? NO_TENANT));
}

export type AuditQueries = ReturnType<typeof auditQueries>;

export function auditQueries(database: Database) {
  const { drizzle } = database;
  const tenantOfRecord = sql`coalesce(${records.tenantId}, ${NO_TENANT}::uuid)`;
  const head = drizzle
    .select({ number: seals.number, hash: seals.hash, count: seals.count, attestation: seals.attestation })
    .from(seals)
    .where(and(eq(seals.projectId, records.projectId), eq(seals.tenantId, tenantOfRecord)))
    .orderBy(desc(seals.number))
    .limit(1)
    .as('head');
  const unsealed = database.prepared(
    'audit_unsealed',
    drizzle
      .select({ record: found, number: head.number, hash: head.hash, count: head.count, attestation: head.attestation })
      .from(records)
      .leftJoinLateral(head, sql`true`)
      .where(isNull(records.sealedIn))
      .orderBy(asc(records.projectId), asc(records.tenantId), asc(records.id))
      .limit(given.value('limit')),
  );
  const ends = (chain: AuditChain, order: SQL) =>
    database.rows(drizzle.select().from(seals).where(isSealOf(chain)).orderBy(order).limit(1));
  return {
    /** In the order of chains and ids, each with the head of its chain. */
    unsealed: (limit: number) => unsealed.all({ limit }),
    firstSeal: async (chain: AuditChain) => (await ends(chain, asc(seals.number)))[0],
    lastSeal: async (chain: AuditChain) => (await ends(chain, desc(seals.number)))[0],
    sealsBetween: (chain: AuditChain, after: number, upTo: number, limit: number) =>
      database.rows(
        drizzle
          .select()
          .from(seals)
          .where(and(isSealOf(chain), gt(seals.number, after), lte(seals.number, upTo), isNotNull(seals.records)))
          .orderBy(asc(seals.number))
          .limit(limit),
      ),
    recordsBetween: (chain: AuditChain, after: number, upTo: number) =>
      database.rows(
        drizzle
          .select()
          .from(records)
          .where(and(isRecordOf(chain), gt(records.sealedIn, after), lte(records.sealedIn, upTo)))
          .orderBy(asc(records.sealedIn), asc(records.id)),
      ),
    /** Those that name a seal after `after` which does not exist. */
    recordsBeyond: (chain: AuditChain, after: number) =>
      database.rows(
        drizzle
          .select()
          .from(records)
          .where(
            and(
              isRecordOf(chain),
              gt(records.sealedIn, after),
              notExists(
                drizzle
                  .select({ number: seals.number })
                  .from(seals)
                  .where(and(isSealOf(chain), eq(seals.number, records.sealedIn))),
              ),
            ),
          )
          .orderBy(asc(records.sealedIn), asc(records.id)),
      ),
  };
}
