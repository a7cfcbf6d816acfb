import { isHeadAttested } from '../../domain/audit/attestation.ts';
import type { AuditChain, ChainHead, KeptHead } from '../../domain/audit/audit-chain.ts';
import { type AuditLine, type CheckpointLine, recordLine, sealLine } from '../../domain/audit/audit-lines.ts';
import type { SealedRecord } from '../../domain/audit/audit-record.ts';
import type { AuditSeal } from '../../domain/audit/audit-seal.ts';
import type { Ports } from '../../ports/ports.ts';

type SignedTrailDeps = Pick<Ports, 'auditArchive' | 'checkpointSigner' | 'attester' | 'clock'>;

/** Chains as they are shown to whoever verifies them elsewhere. */
export class SignedTrail {
  readonly #deps: SignedTrailDeps;
  constructor(deps: SignedTrailDeps) {
    this.#deps = deps;
  }

  /** Everything up to the latest seal, read as it is asked for: a chain of any length takes no room. */
  async *lines(chain: AuditChain): AsyncGenerator<AuditLine> {
    const { auditArchive } = this.#deps;
    const extent = await auditArchive.extent(chain);
    if (extent === undefined) return;
    const { beginning, head } = extent;
    if (beginning) yield { type: 'beginning', jws: await this.#signed(chain, beginning) };
    let after: number | undefined;
    do {
      const { seals, records } = await auditArchive.stretch(chain, { after, upTo: head.number });
      yield* inOrder(seals, records);
      after = seals.at(-1)?.number;
    } while (after !== undefined);
    yield* await this.#checkpointOf(chain, head);
  }

  /** None for a chain without a seal, and none of a seal that the service did not make. */
  async checkpoint(chain: AuditChain): Promise<readonly CheckpointLine[]> {
    const extent = await this.#deps.auditArchive.extent(chain);
    return extent === undefined ? [] : this.#checkpointOf(chain, extent.head);
  }

  async #checkpointOf(chain: AuditChain, head: KeptHead): Promise<readonly CheckpointLine[]> {
    const { attester } = this.#deps;
    const isOwn = isHeadAttested(chain, head, (text, attestation) => attester.attests(text, attestation));
    return isOwn ? [{ type: 'checkpoint', jws: await this.#signed(chain, head) }] : [];
  }

  #signed({ projectId, tenantId }: AuditChain, { number, hash, count }: ChainHead): Promise<string> {
    const { checkpointSigner, clock } = this.#deps;
    return checkpointSigner.sign({ projectId, tenantId, number, hash, count, issuedAt: clock.now() });
  }
}

/** Every record after the seal that it names, and before the next one. */
function* inOrder(seals: readonly AuditSeal[], records: readonly SealedRecord[]): Generator<AuditLine> {
  const ahead = [...seals];
  for (const record of records) {
    while (ahead[0] !== undefined && ahead[0].number <= record.sealedIn) yield* ahead.splice(0, 1).map(sealLine);
    yield recordLine(record);
  }
  yield* ahead.map(sealLine);
}
