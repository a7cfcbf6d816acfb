import { uuidv7 } from 'uuidv7';
import type { AttestRecord } from '../../domain/audit/attestation.ts';
import type { AuditChain } from '../../domain/audit/audit-chain.ts';
import type { AttestedRecord, AuditRecordId, SealedRecord } from '../../domain/audit/audit-record.ts';
import type { AuditSeal } from '../../domain/audit/audit-seal.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';

/** A record under its seal, once it has one. */
export type AuditRow = AttestedRecord & Partial<Pick<SealedRecord, 'sealedIn'>>;

/** `oldest`: when the first of its records was made. Once they are gone, it stands for everything up to it. */
export type AuditSealRow = AuditSeal & { readonly oldest: Date; readonly outlived: boolean };

export const chainKey = ({ projectId, tenantId }: AuditChain) => `${projectId} ${tenantId}`;

const NOTHING_PERSONAL = { ip: null, userAgent: null, before: null, after: null, metadata: null, salt: null };

/** What was recorded, and its seals. */
export class AuditLog {
  readonly #attested: AttestRecord;
  readonly rows = new Map<AuditRecordId, AuditRow>();
  readonly unsealed = new Set<AuditRecordId>();
  /** By chain, in the order of their numbers. */
  readonly seals = new Map<string, readonly AuditSealRow[]>();
  readonly #given = new Map<AuditRecordId, AuditEntry>();

  constructor(attested: AttestRecord) {
    this.#attested = attested;
  }

  /** Before anything of a commit is done: what JSON cannot say throws. */
  rowOf(entry: AuditEntry): AuditRow {
    return this.#attested({ ...structuredClone(entry), id: uuidv7() as AuditRecordId });
  }

  append(entries: readonly (readonly [AuditEntry, AuditRow])[]): void {
    for (const [entry, row] of entries) {
      this.#given.set(row.id, structuredClone(entry));
      this.rows.set(row.id, row);
      this.unsealed.add(row.id);
    }
  }

  /** Every entry, oldest first. */
  given(): readonly AuditEntry[] {
    return structuredClone([...this.#given.values()]);
  }

  forget(id: AuditRecordId): void {
    this.rows.delete(id);
    this.#given.delete(id);
  }

  /** What it tells of a person. */
  erase(id: AuditRecordId): void {
    const [row, given] = [this.rows.get(id), this.#given.get(id)];
    if (row) this.rows.set(id, { ...row, ...NOTHING_PERSONAL });
    if (!given) return;
    const { before: _before, after: _after, metadata: _metadata, ...rest } = given;
    this.#given.set(id, { ...rest, ip: null, userAgent: null });
  }

  *entries(): Iterable<readonly [string, unknown]> {
    yield* this.rows;
    yield* this.seals;
  }
}
