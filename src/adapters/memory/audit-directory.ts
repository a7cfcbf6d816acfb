import type { AuditRecord } from '../../domain/audit/audit-record.ts';
import type { AuditDirectory, AuditFilter } from '../../ports/directories/audit-directory.ts';
import { type AuditLog, type AuditRow, chainKey } from './audit-log.ts';
import { newestFirst } from './newest-first.ts';

const PREFIX_END = '*';

export function memoryAuditDirectory(log: AuditLog): AuditDirectory {
  return {
    async page(chains, filter, { after, limit }) {
      const keys = new Set(chains.map(chainKey));
      const rows = [...log.rows.values()].filter((row) => keys.has(chainKey(row)) && fits(row, filter));
      const rest = newestFirst(after === undefined ? rows : rows.filter(({ id }) => id < after));
      return { items: structuredClone(rest.slice(0, limit).map(recordOf)), hasMore: rest.length > limit };
    },
  };
}

function fits(row: AuditRow, { action, entityType, entityId, userId, from, to }: AuditFilter): boolean {
  const isAction = action?.endsWith(`.${PREFIX_END}`)
    ? row.action.startsWith(action.slice(0, -PREFIX_END.length))
    : row.action === (action ?? row.action);
  return (
    isAction &&
    row.entityType === (entityType ?? row.entityType) &&
    row.entityId === (entityId ?? row.entityId) &&
    row.userId === (userId ?? row.userId) &&
    row.timestamp >= (from ?? row.timestamp) &&
    (to === undefined || row.timestamp < to)
  );
}

/** Without its marks. */
function recordOf(row: AuditRow): AuditRecord {
  const { sealedIn: _number, personalHash: _hash, salt: _salt, attestation: _attestation, ...record } = row;
  return record;
}
