import type { ContentHash } from '../../domain/audit/audit-chain.ts';
import { sealed } from '../../domain/audit/audit-seal.ts';
import type { Ports } from '../../ports/ports.ts';
import { hashIfAny } from './hash-if-any.ts';

type SealAuditRecordsDeps = Pick<Ports, 'auditArchive' | 'contentDigest' | 'attester' | 'secretIssuer' | 'clock'>;

/** Of what somebody else wrote and JSON cannot say: nothing has this hash. */
const NO_HASH = '' as ContentHash;

/** Puts what was recorded under seals, away from whoever recorded it. Any number of replicas may be at it. */
export class SealAuditRecords {
  readonly #deps: SealAuditRecordsDeps;
  constructor(deps: SealAuditRecordsDeps) {
    this.#deps = deps;
  }

  /** Answers how many of at most `limit` records are under a seal now; those of a lost race are somebody else's. */
  async execute(limit: number): Promise<number> {
    const { auditArchive, contentDigest, attester, secretIssuer, clock } = this.#deps;
    const waiting = await auditArchive.unsealed(limit);
    if (waiting.length === 0) return 0;
    const means = {
      hash: (value: unknown) => hashIfAny(contentDigest, value) ?? NO_HASH,
      salt: () => secretIssuer.nonce(),
      attest: (text: string) => attester.attest(text),
      attests: (text: string, attestation: string) => attester.attests(text, attestation),
      now: clock.now(),
    };
    return auditArchive.keep(waiting.map(({ chain, head, records }) => sealed(chain, head, records, means)));
  }
}
