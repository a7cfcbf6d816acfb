import type { AuditLine } from '../../domain/audit/audit-lines.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { audited } from './audited.ts';
import type { ReadableChains } from './readable-chains.ts';
import type { SignedTrail } from './signed-trail.ts';

type ExportAuditDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly authority: Authority;
  readonly readableChains: ReadableChains;
  readonly signedTrail: SignedTrail;
};

/** The whole trail up to the latest seal, for whoever verifies it elsewhere. */
export class ExportAudit {
  readonly #deps: ExportAuditDeps;
  constructor(deps: ExportAuditDeps) {
    this.#deps = deps;
  }

  /** Chain by chain, read as it is asked for. That it was asked for is recorded. @throws IamError `forbidden` */
  async execute(actor: UserActor): Promise<AsyncIterable<AuditLine>> {
    const { authority, readableChains, signedTrail, unitOfWork, clock } = this.#deps;
    await authority.assert(actor, 'audit.export');
    const what = { action: 'audit.exported', entityType: 'tenant', entityId: actor.tenantId } as const;
    await unitOfWork.run(async ({ audit }) => audit.record(audited(actor, what, clock.now())));
    const chains = await readableChains.of(actor);
    return (async function* () {
      for (const chain of chains) yield* signedTrail.lines(chain);
    })();
  }
}
