import type { Clock } from '../../ports/clock.ts';
import type { Housekeeping } from '../../ports/housekeeping.ts';
import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

export interface HousekeeperParts {
  readonly housekeeping: Pick<Housekeeping, 'sweep'>;
  readonly clock: Clock;
  readonly report: Report;
  /** Until the first run: starting up does no work that can wait. */
  readonly firstAfterMs?: number;
  /** From the end of a run to the next. */
  readonly everyMs?: number;
}

const PAUSES = { firstAfterMs: 60_000, everyMs: 300_000 };
const BATCH = 500;

/** Sweeps until nothing is left to do, every few minutes. A failed run is made up for by the next. */
export class Housekeeper {
  readonly #parts: HousekeeperParts;
  readonly #runs: Recurring;

  constructor(parts: HousekeeperParts) {
    this.#parts = parts;
    this.#runs = new Recurring(() => this.#sweep(), { ...PAUSES, ...parts });
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when the batch under way, if any, is swept. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  async #sweep(): Promise<void> {
    const { housekeeping, clock, report } = this.#parts;
    try {
      let swept = BATCH;
      while (this.#runs.isOpen && swept > 0) swept = await housekeeping.sweep(clock.now(), BATCH);
    } catch (error) {
      report({ what: 'sweep-failed', error });
    }
  }
}
