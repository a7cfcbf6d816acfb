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

/** What a seal adds to a record. */
export interface SealMark {
  /** The number of the seal. */
  readonly sealedIn: number;
  /** Of the salt and the personal detail: it stays when they are erased. */
  readonly personalHash: ContentHash;
  /** 128 random bits, so that nobody finds the detail out by guessing; `null` once it is erased. */
  readonly salt: string | null;
}

export type SealedRecord = AuditRecord & SealMark;
