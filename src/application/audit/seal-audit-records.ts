import { sealed } from '../../domain/audit/audit-seal.ts';
import type { Ports } from '../../ports/ports.ts';

type SealAuditRecordsDeps = Pick<Ports, 'auditArchive' | 'contentDigest' | 'secretIssuer' | 'clock'>;

/** Puts what was recorded under seals, away from whoever recorded it. Any number of replicas may be at it. */
export class SealAuditRecords {
  readonly #deps: SealAuditRecordsDeps;
  constructor(deps: SealAuditRecordsDeps) {
    this.#deps = deps;
  }

  /** Answers how many of at most `limit` records are under a seal now; those of a lost race are somebody else's. */
  async execute(limit: number): Promise<number> {
    const { auditArchive, contentDigest, secretIssuer, clock } = this.#deps;
    const waiting = await auditArchive.unsealed(limit);
    if (waiting.length === 0) return 0;
    const hash = (value: unknown) => contentDigest.of(value);
    const means = { hash, salt: () => secretIssuer.nonce(), now: clock.now() };
    return auditArchive.keep(waiting.map(({ chain, head, records }) => sealed(chain, head, records, means)));
  }
}
