import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

export interface AuditSealerParts {
  /** Seals at most so many records, and answers how many. */
  readonly seal: (limit: number) => Promise<number>;
  readonly report: Report;
  /** From the end of a run to the next. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
/** Hashed without a break: as many as keep nobody waiting. */
const BATCH = 100;

/** Seals what was recorded, every second: what is not under a seal can be changed unseen. */
export class AuditSealer {
  readonly #seal: AuditSealerParts['seal'];
  readonly #report: Report;
  readonly #runs: Recurring;

  constructor({ seal, report, everyMs = EVERY_MS }: AuditSealerParts) {
    this.#seal = seal;
    this.#report = report;
    this.#runs = new Recurring(() => this.#sealAll(), { firstAfterMs: everyMs, everyMs });
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when everything that was recorded by then is under a seal, or cannot be for now. */
  async stop(): Promise<void> {
    await this.#runs.stop();
    await this.#sealAll();
  }

  /** Less than a batch is the end, or another replica is at it. */
  async #sealAll(): Promise<void> {
    try {
      let sealed = BATCH;
      while (sealed === BATCH) sealed = await this.#seal(BATCH);
    } catch (error) {
      this.#report({ what: 'seal-failed', error });
    }
  }
}
