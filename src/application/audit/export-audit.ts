import type { AuditChain, ChainHead } from '../../domain/audit/audit-chain.ts';
import { type AuditLine, recordLine, sealLine } from '../../domain/audit/audit-lines.ts';
import type { SealedRecord } from '../../domain/audit/audit-record.ts';
import type { AuditSeal } from '../../domain/audit/audit-seal.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { audited } from './audited.ts';
import type { ReadableChains } from './readable-chains.ts';

type ExportAuditDeps = Pick<Ports, 'unitOfWork' | 'auditArchive' | 'checkpointSigner' | 'clock'> & {
  readonly authority: Authority;
  readonly readableChains: ReadableChains;
};

/** The whole trail up to the latest seal, for whoever verifies it elsewhere. */
export class ExportAudit {
  readonly #deps: ExportAuditDeps;
  constructor(deps: ExportAuditDeps) {
    this.#deps = deps;
  }

  /** Read as it is asked for, so that a trail of any length takes no room. That it was asked for is recorded. @throws IamError `forbidden` */
  async execute(actor: UserActor): Promise<AsyncIterable<AuditLine>> {
    const { authority, readableChains, unitOfWork, clock } = this.#deps;
    await authority.assert(actor, 'audit.export');
    const what = { action: 'audit.exported', entityType: 'tenant', entityId: actor.tenantId } as const;
    await unitOfWork.run(async ({ audit }) => audit.record(audited(actor, what, clock.now())));
    return this.#lines(await readableChains.of(actor));
  }

  async *#lines(chains: readonly AuditChain[]): AsyncGenerator<AuditLine> {
    for (const chain of chains) yield* this.#linesOf(chain);
  }

  async *#linesOf(chain: AuditChain): AsyncGenerator<AuditLine> {
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
    yield { type: 'checkpoint', jws: await this.#signed(chain, head) };
  }

  #signed(chain: AuditChain, head: ChainHead): Promise<string> {
    const { checkpointSigner, clock } = this.#deps;
    return checkpointSigner.sign({ ...chain, ...head, issuedAt: clock.now() });
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
