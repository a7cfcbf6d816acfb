import { uuidv7 } from 'uuidv7';
import type { AuditChain } from '../../domain/audit/audit-chain.ts';
import type { AuditDetail, AuditRecord, AuditRecordId, SealMark } from '../../domain/audit/audit-record.ts';
import type { AuditSeal } from '../../domain/audit/audit-seal.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';

/** A record under its seal, once it has one. */
export type AuditRow = AuditRecord & Partial<SealMark>;

/** `oldest`: when the first of its records was made. Once they are gone, it stands for everything up to it. */
export type AuditSealRow = AuditSeal & { readonly oldest: Date; readonly outlived: boolean };

export const chainKey = ({ projectId, tenantId }: AuditChain) => `${projectId} ${tenantId}`;

/** What was recorded, and its seals. */
export class AuditLog {
  readonly rows = new Map<AuditRecordId, AuditRow>();
  readonly unsealed = new Set<AuditRecordId>();
  /** By chain, in the order of their numbers. */
  readonly seals = new Map<string, readonly AuditSealRow[]>();
  readonly #given = new Map<AuditRecordId, AuditEntry>();

  append(entries: readonly AuditEntry[]): void {
    for (const entry of structuredClone(entries)) {
      const row = rowOf(entry);
      this.#given.set(row.id, entry);
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

  *entries(): Iterable<readonly [string, unknown]> {
    yield* this.rows;
    yield* this.seals;
  }
}

function rowOf(entry: AuditEntry): AuditRow {
  const { projectId, tenantId, action, entityType, entityId, userId, actorId, ip, userAgent, timestamp } = entry;
  return {
    id: uuidv7() as AuditRecordId,
    ...{ projectId, tenantId, action, entityType, entityId, userId, actorId, ip, userAgent, timestamp },
    before: asJson(entry.before),
    after: asJson(entry.after),
    metadata: asJson(entry.metadata),
  };
}

/** As it comes back from a store that keeps JSON. */
function asJson(detail: AuditDetail | undefined): AuditDetail | null {
  return detail === undefined ? null : JSON.parse(JSON.stringify(detail));
}
