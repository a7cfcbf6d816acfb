import type { Ports } from '../../ports/ports.ts';
import { outdatedHeads } from './outdated-heads.ts';

type AttestHeadsAnewDeps = Pick<Ports, 'auditArchive' | 'attester'>;

/**
 * Lets the present master key attest where every audit chain stands: the next seal would take a head that only the
 * key before attests for somebody else's, once that is gone.
 */
export class AttestHeadsAnew {
  readonly #deps: AttestHeadsAnewDeps;
  constructor(deps: AttestHeadsAnewDeps) {
    this.#deps = deps;
  }

  /** `goesOn` is asked after every step, and may take its time. Answers how many were attested anew. */
  async execute(goesOn: () => Promise<boolean> = async () => true): Promise<number> {
    let attested = 0;
    for await (const heads of outdatedHeads(this.#deps)) {
      if (heads.length > 0) attested += await this.#deps.auditArchive.attest(heads);
      if (!(await goesOn())) break;
    }
    return attested;
  }
}
