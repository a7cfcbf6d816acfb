import type { AuditChain, ChainHead, ContentHash, Hash } from './audit-chain.ts';
import { recordLine, unhashedSealLine, withoutPersonal } from './audit-lines.ts';
import type { AuditRecord, AuditRecordId, SealedRecord } from './audit-record.ts';

/** Some records of a chain, bound to each other and to everything before them. */
export interface AuditSeal extends AuditChain, ChainHead {
  /** `null` for the first one. */
  readonly previousHash: ContentHash | null;
  readonly sealedAt: Date;
  readonly records: readonly { readonly id: AuditRecordId; readonly hash: ContentHash }[];
}

/** A seal with its records as they are under it. */
export interface SealedRecords {
  readonly seal: AuditSeal;
  readonly records: readonly SealedRecord[];
}

interface SealingMeans {
  readonly hash: Hash;
  /** 128 random bits. */
  readonly salt: () => string;
  readonly now: Date;
}

/** The seal that follows `head`, over records of the chain, in the order given. */
export function sealed(
  { projectId, tenantId }: AuditChain,
  head: ChainHead | undefined,
  records: readonly AuditRecord[],
  { hash, salt, now }: SealingMeans,
): SealedRecords {
  const number = (head?.number ?? 0) + 1;
  const marked = records.map((record) => markedWith(number, salt(), record, hash));
  const seal: Omit<AuditSeal, 'hash'> = {
    projectId,
    tenantId,
    number,
    previousHash: head?.hash ?? null,
    count: (head?.count ?? 0) + records.length,
    sealedAt: now,
    records: marked.map((record) => ({ id: record.id, hash: hash(withoutPersonal(recordLine(record))) })),
  };
  return { seal: { ...seal, hash: hash(unhashedSealLine(seal)) }, records: marked };
}

function markedWith(sealedIn: number, salt: string, record: AuditRecord, hash: Hash): SealedRecord {
  const { ip, userAgent, before, after, metadata } = record;
  return { ...record, sealedIn, salt, personalHash: hash({ salt, ip, userAgent, before, after, metadata }) };
}
