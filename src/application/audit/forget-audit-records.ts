import { oldestKept } from '../../domain/audit/retention.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Policy } from '../policy.ts';

type ForgetAuditRecordsDeps = Pick<Ports, 'auditArchive' | 'clock'> & { readonly policy: Policy };

/** Lets go of what is older than records are kept, a little at a time. */
export class ForgetAuditRecords {
  readonly #deps: ForgetAuditRecordsDeps;
  constructor(deps: ForgetAuditRecordsDeps) {
    this.#deps = deps;
  }

  /** Answers 0 when nothing is left to do. */
  async execute(limit: number): Promise<number> {
    const { auditArchive, clock, policy } = this.#deps;
    const { auditRetentionMonths: months } = policy;
    return months === null ? 0 : auditArchive.forget(oldestKept(months, clock.now()), limit);
  }
}
