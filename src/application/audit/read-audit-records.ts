import type { AuditRecord, AuditRecordId } from '../../domain/audit/audit-record.ts';
import type { AuditDirectory, AuditFilter } from '../../ports/directories/audit-directory.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import type { ReadableChains } from './readable-chains.ts';

interface ReadAuditRecordsDeps {
  readonly authority: Authority;
  readonly readableChains: ReadableChains;
  readonly auditDirectory: AuditDirectory;
}

/** The audit trail of the actor's tenant, for whoever holds `audit.read`. */
export class ReadAuditRecords {
  readonly #deps: ReadAuditRecordsDeps;
  constructor(deps: ReadAuditRecordsDeps) {
    this.#deps = deps;
  }

  /** Newest first. @throws IamError `forbidden` */
  async execute(
    actor: Administrator,
    filter: AuditFilter,
    request: PageRequest<AuditRecordId>,
  ): Promise<Page<AuditRecord>> {
    const { authority, readableChains, auditDirectory } = this.#deps;
    await authority.assert(actor, 'audit.read');
    return auditDirectory.page(await readableChains.of(actor), filter, request);
  }
}
