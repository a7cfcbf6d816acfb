import type { CheckpointLine } from '../../domain/audit/audit-lines.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import type { ReadableChains } from './readable-chains.ts';
import type { SignedTrail } from './signed-trail.ts';

interface SignAuditCheckpointsDeps {
  readonly authority: Authority;
  readonly readableChains: ReadableChains;
  readonly signedTrail: SignedTrail;
}

/** Where the chains stand now, signed: whoever keeps it elsewhere can tell later that nothing before was rewritten. */
export class SignAuditCheckpoints {
  readonly #deps: SignAuditCheckpointsDeps;
  constructor(deps: SignAuditCheckpointsDeps) {
    this.#deps = deps;
  }

  /** One a chain whose latest seal the service made. @throws IamError `forbidden` */
  async execute(actor: UserActor): Promise<readonly CheckpointLine[]> {
    const { authority, readableChains, signedTrail } = this.#deps;
    await authority.assert(actor, 'audit.export');
    const chains = await readableChains.of(actor);
    return (await Promise.all(chains.map((chain) => signedTrail.checkpoint(chain)))).flat();
  }
}
