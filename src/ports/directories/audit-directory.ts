import type { AuditChain } from '../../domain/audit/audit-chain.ts';
import type { AuditRecord, AuditRecordId } from '../../domain/audit/audit-record.ts';
import type { Page, PageRequest } from './page.ts';

export interface AuditFilter {
  /** A name, or every name under a prefix: `auth.*`. */
  readonly action?: string | undefined;
  readonly entityType?: string | undefined;
  readonly entityId?: string | undefined;
  /** The person it happened to. */
  readonly userId?: string | undefined;
  /** Not before. */
  readonly from?: Date | undefined;
  /** Before. */
  readonly to?: Date | undefined;
}

export interface AuditDirectory {
  /** The records of these chains together. */
  page(
    chains: readonly AuditChain[],
    filter: AuditFilter,
    request: PageRequest<AuditRecordId>,
  ): Promise<Page<AuditRecord>>;
}
