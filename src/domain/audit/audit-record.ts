import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { AuditChain, ContentHash } from './audit-chain.ts';

export type AuditRecordId = Brand<string, 'AuditRecordId'>;
export const AuditRecordId = identifierDoor<AuditRecordId>();

export type AuditDetail = Readonly<Record<string, unknown>>;

/** What of a record tells of a person: it lies beside the chain, so that it can be erased. */
export interface PersonalDetail {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly before: AuditDetail | null;
  readonly after: AuditDetail | null;
  readonly metadata: AuditDetail | null;
}

/** Something that happened, as it is kept. The ids in it name nobody any more once the account is gone. */
export interface AuditRecord extends AuditChain, PersonalDetail {
  readonly id: AuditRecordId;
  readonly action: string;
  readonly entityType: string;
  readonly entityId: string | null;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly timestamp: Date;
}

/** What is written with a record. */
export interface RecordMark {
  /** Of the salt and the personal detail: it stays when they are erased. */
  readonly personalHash: ContentHash;
  /** 128 random bits, so that nobody finds the detail out by guessing; `null` once it is erased. */
  readonly salt: string | null;
  /** What only the service can make of the rest. */
  readonly attestation: string;
}

/** As the service writes it. */
export type AttestedRecord = AuditRecord & RecordMark;

/** As it is found: what somebody else wrote has no marks, or wrong ones. */
export type FoundRecord = AuditRecord & { readonly [Name in keyof RecordMark]: RecordMark[Name] | null };

export type SealedRecord = AuditRecord & Omit<RecordMark, 'attestation'> & { readonly sealedIn: number };

type Salted = PersonalDetail & Pick<FoundRecord, 'salt'>;

/** What `personalHash` is of. */
export function personalOf({ salt, ip, userAgent, before, after, metadata }: Salted): Salted {
  return { salt, ip, userAgent, before, after, metadata };
}

export function isErased(record: Salted): boolean {
  return Object.values(personalOf(record)).every((value) => value === null);
}
