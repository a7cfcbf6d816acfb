import type { Clock } from '../../ports/clock.ts';
import type { Housekeeping } from '../../ports/housekeeping.ts';
import type { Report } from './report.ts';

export interface HousekeeperParts {
  readonly housekeeping: Housekeeping;
  readonly clock: Clock;
  readonly report: Report;
  /** Until the first run: starting up does no work that can wait. */
  readonly firstAfterMs?: number;
  /** From the end of a run to the next. */
  readonly everyMs?: number;
}

const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 300_000;
const BATCH = 500;

/** Sweeps until nothing is left to do, every few minutes. Runs never overlap; a failed one is made up for by the next. */
export class Housekeeper {
  readonly #parts: Required<HousekeeperParts>;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;
  #open = false;

  constructor(parts: HousekeeperParts) {
    this.#parts = { firstAfterMs: FIRST_AFTER_MS, everyMs: EVERY_MS, ...parts };
  }

  start(): void {
    if (this.#open) return;
    this.#open = true;
    this.#runAfter(this.#parts.firstAfterMs);
  }

  /** Resolves when the batch under way, if any, is swept. */
  async stop(): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await this.#run;
  }

  #runAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#run = this.#sweep().then(() => {
        if (this.#open) this.#runAfter(this.#parts.everyMs);
      });
    }, ms).unref();
  }

  async #sweep(): Promise<void> {
    const { housekeeping, clock, report } = this.#parts;
    try {
      let swept = BATCH;
      while (this.#open && swept > 0) swept = await housekeeping.sweep(clock.now(), BATCH);
    } catch (error) {
      report({ what: 'sweep-failed', error });
    }
  }
}
