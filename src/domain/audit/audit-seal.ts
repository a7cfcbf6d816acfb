import { type AttestingMeans, type Attests, headText, isAttested, isHeadAttested } from './attestation.ts';
import type { AuditChain, ContentHash, KeptHead } from './audit-chain.ts';
import { recordLine, unhashedSealLine, withoutPersonal } from './audit-lines.ts';
import { type AuditRecordId, type FoundRecord, personalOf, type SealedRecord } from './audit-record.ts';

/** Some records of a chain, bound to each other and to everything before them. */
export interface AuditSeal extends AuditChain, KeptHead {
  /** `null` for the first one. */
  readonly previousHash: ContentHash | null;
  /** Whether somebody else made the seal before. */
  readonly followsForeign: boolean;
  readonly sealedAt: Date;
  /** `foreign`: somebody else wrote it, or changed it before it was sealed. */
  readonly records: readonly { readonly id: AuditRecordId; readonly hash: ContentHash; readonly foreign?: true }[];
}

/** A seal with its records as they are under it. */
export interface SealedRecords {
  readonly seal: AuditSeal;
  readonly records: readonly SealedRecord[];
}

interface SealingMeans extends AttestingMeans {
  readonly attests: Attests;
  readonly now: Date;
}

/**
 * The seal that follows `head`, over records of the chain, in the order given. It takes what it finds, so that nobody
 * can hold it up, and names what the service did not write.
 */
export function sealed(
  chain: AuditChain,
  head: KeptHead | undefined,
  records: readonly FoundRecord[],
  means: SealingMeans,
): SealedRecords {
  const { hash, attest, attests, now } = means;
  const number = (head?.number ?? 0) + 1;
  const marked = records.map((record) => markedWith(number, record, means));
  const content: Omit<AuditSeal, 'hash' | 'attestation'> = {
    projectId: chain.projectId,
    tenantId: chain.tenantId,
    number,
    previousHash: head?.hash ?? null,
    followsForeign: head !== undefined && !isHeadAttested(chain, head, attests),
    count: (head?.count ?? 0) + records.length,
    sealedAt: now,
    records: marked.map(({ record, foreign }) => ({
      id: record.id,
      hash: hash(withoutPersonal(recordLine(record))),
      ...(foreign && { foreign }),
    })),
  };
  const seal = { ...content, hash: hash(unhashedSealLine(content)) };
  return {
    seal: { ...seal, attestation: attest(headText(chain, seal)) },
    records: marked.map(({ record }) => record),
  };
}

/** What somebody else wrote may have no marks: it is given some. */
function markedWith(sealedIn: number, found: FoundRecord, means: SealingMeans) {
  const { attestation: _, personalHash, ...record } = found;
  const foreign = !isAttested(found, means);
  if (personalHash !== null) return { record: { ...record, personalHash, sealedIn }, foreign };
  const salted = { ...record, salt: means.salt() };
  return { record: { ...salted, personalHash: means.hash(personalOf(salted)), sealedIn }, foreign };
}
