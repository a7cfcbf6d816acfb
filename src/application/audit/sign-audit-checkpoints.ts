import type { CheckpointLine } from '../../domain/audit/audit-lines.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import type { ReadableChains } from './readable-chains.ts';

type SignAuditCheckpointsDeps = Pick<Ports, 'auditArchive' | 'checkpointSigner' | 'clock'> & {
  readonly authority: Authority;
  readonly readableChains: ReadableChains;
};

/** Where the chains stand now, signed: whoever keeps it elsewhere can tell later that nothing before was rewritten. */
export class SignAuditCheckpoints {
  readonly #deps: SignAuditCheckpointsDeps;
  constructor(deps: SignAuditCheckpointsDeps) {
    this.#deps = deps;
  }

  /** One a chain that has a seal. @throws IamError `forbidden` */
  async execute(actor: UserActor): Promise<readonly CheckpointLine[]> {
    const { authority, readableChains, auditArchive, checkpointSigner, clock } = this.#deps;
    await authority.assert(actor, 'audit.export');
    const lines: CheckpointLine[] = [];
    for (const chain of await readableChains.of(actor)) {
      const extent = await auditArchive.extent(chain);
      if (extent === undefined) continue;
      const jws = await checkpointSigner.sign({ ...chain, ...extent.head, issuedAt: clock.now() });
      lines.push({ type: 'checkpoint', jws });
    }
    return lines;
  }
}
