import type { KeptHead } from '../../domain/audit/audit-chain.ts';
import type { SealedRecord } from '../../domain/audit/audit-record.ts';
import type { AuditSeal } from '../../domain/audit/audit-seal.ts';
import type { AuditArchive, UnsealedRecords } from '../../ports/audit-archive.ts';
import { attestHeads, auditHeads } from './audit-heads.ts';
import type { Database } from './database.ts';
import { eraseAuditDetail } from './erase-audit-detail.ts';
import { forgetAuditRecords } from './housekeeping/forget-audit-records.ts';
import { keepAuditSeals } from './keep-audit-seals.ts';
import { type AuditQueries, auditQueries } from './queries/audit-queries.ts';
import { NO_TENANT } from './schema/audit-seals.ts';

const SEALS_IN_A_STRETCH = 20;
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

type SealRow = NonNullable<Awaited<ReturnType<AuditQueries['lastSeal']>>>;

export function auditArchive(database: Database): AuditArchive {
  const queries = auditQueries(database);
  return {
    unsealed: async (limit) => byChain(await queries.unsealed(limit)),
    keep: (sealed) => keepAuditSeals(database, sealed),
    forget: (before, limit) => forgetAuditRecords(database, before, limit),
    erase: (projectId, userId) => eraseAuditDetail(database, projectId, userId),
    heads: (after, limit) => auditHeads(database, after, limit),
    attest: (heads) => attestHeads(database, heads),
    async extent(chain) {
      const [first, last] = await Promise.all([queries.firstSeal(chain), queries.lastSeal(chain)]);
      return last && { beginning: first?.records === null ? headOf(first) : undefined, head: headOf(last) };
    },
    async stretch(chain, { after = BEFORE_ALL, upTo }) {
      const rows = await queries.sealsBetween(chain, after, upTo, SEALS_IN_A_STRETCH);
      const last = rows.at(-1)?.number;
      const records =
        last === undefined
          ? await queries.recordsBeyond(chain, upTo)
          : await queries.recordsBetween(chain, after, last);
      return { seals: rows.map(sealOf), records: records as readonly SealedRecord[] };
    },
  };
}

function byChain(rows: Awaited<ReturnType<AuditQueries['unsealed']>>): readonly UnsealedRecords[] {
  const chains: (UnsealedRecords & { records: UnsealedRecords['records'][number][] })[] = [];
  for (const { record, number, hash, count, attestation } of rows) {
    const { projectId, tenantId } = record;
    const known = chains.at(-1);
    if (known?.chain.projectId === projectId && known.chain.tenantId === tenantId) {
      known.records.push(record);
    } else {
      const isFirst = number === null || hash === null || count === null;
      const head = isFirst ? undefined : { number, hash, count, attestation };
      chains.push({ chain: { projectId, tenantId }, head, records: [record] });
    }
  }
  return chains;
}

function headOf({ number, hash, count, attestation }: SealRow): KeptHead {
  return { number, hash, count, attestation };
}

function sealOf({ tenantId, records, oldest: _, ...seal }: SealRow): AuditSeal {
  return { ...seal, tenantId: tenantId === NO_TENANT ? null : tenantId, records: records ?? [] };
}
