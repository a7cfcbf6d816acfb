import { isErased, type PersonalDetail, personalOf, type SealedRecord } from './audit-record.ts';
import type { AuditSeal } from './audit-seal.ts';

/**
 * The trail as it is exported, one JSON object a line. What is hashed is what is shown: a seal lists, for each of its
 * records, the hash of the line without `personal`; the hash of a seal is that of its line without `hash`;
 * `personalHash` is that of `personal`.
 */
export type AuditLine = BeginningLine | SealLine | RecordLine | CheckpointLine;

/** The chain begins after this checkpoint: what it vouches for is older than records are kept. */
export interface BeginningLine {
  readonly type: 'beginning';
  readonly jws: string;
}

/** Where the chain stood, signed (RFC 7515). */
export interface CheckpointLine {
  readonly type: 'checkpoint';
  readonly jws: string;
}

export interface SealLine {
  readonly type: 'seal';
  readonly projectId: string;
  readonly tenantId: string | null;
  readonly number: number;
  readonly previousHash: string | null;
  readonly count: number;
  readonly sealedAt: string;
  /** `foreign`: what the service did not write, or not like this. */
  readonly records: readonly { readonly id: string; readonly hash: string; readonly foreign?: true }[];
  /** Where the service did not make the seal before. */
  readonly followsForeign?: true;
  readonly hash: string;
}

export interface RecordLine {
  readonly type: 'record';
  readonly projectId: string;
  readonly tenantId: string | null;
  readonly sealedIn: number;
  readonly id: string;
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | null;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly timestamp: string;
  readonly personalHash: string;
  /** `null` once it is erased. */
  readonly personal: (PersonalDetail & { readonly salt: string | null }) | null;
}

export function sealLine(seal: AuditSeal): SealLine {
  return { ...unhashedSealLine(seal), hash: seal.hash };
}

export function unhashedSealLine(seal: Omit<AuditSeal, 'hash' | 'attestation'>): Omit<SealLine, 'hash'> {
  const { projectId, tenantId, number, previousHash, count, sealedAt, records, followsForeign } = seal;
  return {
    ...{ type: 'seal', projectId, tenantId, number, previousHash, count, sealedAt: sealedAt.toISOString(), records },
    ...(followsForeign && { followsForeign }),
  };
}

export function recordLine(record: SealedRecord): RecordLine {
  const { projectId, tenantId, sealedIn, id, action, entityType, entityId, userId, actorId, personalHash } = record;
  return {
    ...{ type: 'record', projectId, tenantId, sealedIn, id, action, entityType, entityId, userId, actorId },
    timestamp: record.timestamp.toISOString(),
    personalHash,
    personal: isErased(record) ? null : personalOf(record),
  };
}

/** What a seal holds of a record. */
export function withoutPersonal({ personal: _, ...line }: RecordLine): Omit<RecordLine, 'personal'> {
  return line;
}

/** What the hash of a seal is of. */
export function withoutHash({ hash: _, ...line }: SealLine): Omit<SealLine, 'hash'> {
  return line;
}
