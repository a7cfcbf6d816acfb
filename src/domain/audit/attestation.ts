import type { AuditChain, ChainHead, ContentHash, Hash, KeptHead } from './audit-chain.ts';
import {
  type AttestedRecord,
  type AuditDetail,
  type AuditRecord,
  type FoundRecord,
  isErased,
  type PersonalDetail,
  personalOf,
} from './audit-record.ts';

/** What only the service can make of a text. */
export type Attest = (text: string) => string;

/** Whether that is what the service made of this very text. */
export type Attests = (text: string, attestation: string) => boolean;

export interface AttestingMeans {
  readonly hash: Hash;
  /** 128 random bits. */
  readonly salt: () => string;
  readonly attest: Attest;
}

type Details = 'before' | 'after' | 'metadata';

/** A record as whoever records gives it, with its id. */
export type GivenRecord = Omit<AuditRecord, Details> & { readonly [Name in Details]?: AuditDetail };

/** How whatever keeps records makes them the service's own: see `attested`. */
export type AttestRecord = (given: GivenRecord) => AttestedRecord;

/** As it comes back from a store that keeps JSON, with what tells it from whatever anybody else writes there. */
export function attested(given: GivenRecord, { hash, salt, attest }: AttestingMeans): AttestedRecord {
  const personal = {
    salt: salt(),
    ip: given.ip,
    userAgent: given.userAgent,
    before: asJson(given.before),
    after: asJson(given.after),
    metadata: asJson(given.metadata),
  };
  const personalHash = hash(personal);
  return { ...given, ...personal, personalHash, attestation: attest(recordText(given, personalHash)) };
}

/** Whether the service wrote the record, and wrote it like this. Erasing is no change. */
export function isAttested(record: FoundRecord, { hash, attests }: { readonly hash: Hash; readonly attests: Attests }) {
  const { attestation, personalHash } = record;
  if (attestation === null || personalHash === null) return false;
  const isAsWritten = isErased(record) || hash(personalOf(record)) === personalHash;
  return isAsWritten && attests(recordText(record, personalHash), attestation);
}

/** What is attested of a seal: its hash stands for the rest. */
export function headText({ projectId, tenantId }: AuditChain, { number, hash, count }: ChainHead): string {
  return JSON.stringify(['head', projectId, tenantId, number, hash, count]);
}

export function isHeadAttested(chain: AuditChain, head: KeptHead, attests: Attests): boolean {
  return head.attestation !== null && attests(headText(chain, head), head.attestation);
}

/** What is attested of a record: `personalHash` stands for the rest. */
function recordText(record: Omit<AuditRecord, keyof PersonalDetail>, personalHash: ContentHash): string {
  const { projectId, tenantId, id, action, entityType, entityId, userId, actorId, timestamp } = record;
  const what = [projectId, tenantId, id, action, entityType, entityId, userId, actorId, timestamp, personalHash];
  return JSON.stringify(['record', ...what]);
}

function asJson(detail: AuditDetail | undefined): AuditDetail | null {
  return detail === undefined ? null : JSON.parse(JSON.stringify(detail));
}
