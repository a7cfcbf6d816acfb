import { and, desc, eq, gte, lt, type SQL } from 'drizzle-orm';
import type { AuditChain } from '../../../domain/audit/audit-chain.ts';
import type { AuditRecord, AuditRecordId } from '../../../domain/audit/audit-record.ts';
import type { AuditDirectory, AuditFilter } from '../../../ports/directories/audit-directory.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import type { Database } from '../database.ts';
import { isRecordOf, recordColumns } from '../queries/audit-queries.ts';
import { auditRecords } from '../schema/index.ts';

/** Planned for its very filters: each has an index of its own, and a stretch of time its partitions. */
export function auditDirectory(database: Database): AuditDirectory {
  const newestOf = (chain: AuditChain, filter: AuditFilter, { after, limit }: PageRequest<AuditRecordId>) =>
    database.rows<AuditRecord>(
      database.drizzle
        .select(recordColumns)
        .from(auditRecords)
        .where(and(isRecordOf(chain), ...conditions(filter), after && lt(auditRecords.id, after)))
        .orderBy(desc(auditRecords.id))
        .limit(limit + 1),
    );
  return {
    async page(chains, filter, request) {
      const found = await Promise.all(chains.map((chain) => newestOf(chain, filter, request)));
      const newest = found.flat().toSorted((a, b) => (a.id < b.id ? 1 : -1));
      return { items: newest.slice(0, request.limit), hasMore: newest.length > request.limit };
    },
  };
}

function conditions({ action, entityType, entityId, userId, from, to }: AuditFilter): readonly (SQL | undefined)[] {
  return [
    action === undefined ? undefined : isAction(action),
    entityType === undefined ? undefined : eq(auditRecords.entityType, entityType),
    entityId === undefined ? undefined : eq(auditRecords.entityId, entityId),
    userId === undefined ? undefined : eq(auditRecords.userId, userId),
    from && gte(auditRecords.timestamp, from),
    to && lt(auditRecords.timestamp, to),
  ];
}

/** `/` is what comes after `.`, byte by byte. */
function isAction(action: string): SQL | undefined {
  if (!action.endsWith('.*')) return eq(auditRecords.action, action);
  const prefix = action.slice(0, -'.*'.length);
  return and(gte(auditRecords.action, `${prefix}.`), lt(auditRecords.action, `${prefix}/`));
}
