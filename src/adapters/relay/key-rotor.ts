import type { ProjectId } from '../../domain/project/project.ts';
import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

export interface KeyRotorParts {
  /** In at most so many projects, for as long as `goesOn`. Answers those where it failed. */
  readonly rotate: (
    limit: number,
    goesOn: () => boolean,
  ) => Promise<readonly { readonly projectId: ProjectId; readonly error: unknown }[]>;
  readonly report: Report;
  /** Until the first run: starting up does no work that can wait. */
  readonly firstAfterMs?: number;
  /** From the end of a run to the next. */
  readonly everyMs?: number;
}

const PAUSES = { firstAfterMs: 60_000, everyMs: 300_000 };
/** So that many projects of one age are done in some hours, and take no processor for minutes. */
const BATCH = 50;

/** Lets signing keys be followed when their time has come. What failed is made up for by the next run. */
export class KeyRotor {
  readonly #parts: KeyRotorParts;
  readonly #runs: Recurring;

  constructor(parts: KeyRotorParts) {
    this.#parts = parts;
    this.#runs = new Recurring(() => this.#rotate(), { ...PAUSES, ...parts });
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when the project under way, if any, has its key. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  async #rotate(): Promise<void> {
    const { rotate, report } = this.#parts;
    try {
      const failed = await rotate(BATCH, () => this.#runs.isOpen);
      for (const { projectId, error } of failed) report({ what: 'rotation-failed', error, projectId });
    } catch (error) {
      report({ what: 'rotation-failed', error });
    }
  }
}
