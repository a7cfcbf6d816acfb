export interface Pauses {
  readonly firstAfterMs: number;
  /** From the end of a run to the next. */
  readonly everyMs: number;
  /** From a nudge to the run, so that one run does what many ask for. */
  readonly gatherMs?: number;
}

/** Does something again and again: runs never overlap, and between two of them there is a pause. */
export class Recurring {
  readonly #run: () => Promise<void>;
  readonly #pauses: Pauses;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isRunning = false;
  #nudged = false;
  #open = false;

  /** `run` MUST NOT reject. */
  constructor(run: () => Promise<void>, pauses: Pauses) {
    this.#run = run;
    this.#pauses = pauses;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  start(): void {
    if (this.#open) return;
    this.#open = true;
    this.#runAfter(this.#pauses.firstAfterMs);
  }

  /** There is something to do: runs soon, and after the run under way, if there is one, once more. */
  nudge(): void {
    if (!this.#open || this.#nudged) return;
    this.#nudged = true;
    if (this.#isRunning) return;
    clearTimeout(this.#timer);
    this.#runAfter(this.#gatherMs);
  }

  /** Resolves when the run under way, if any, has come to its end. */
  async stop(): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  get #gatherMs(): number {
    return this.#pauses.gatherMs ?? 0;
  }

  #runAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#nudged = false;
      this.#isRunning = true;
      this.#running = this.#run().then(() => {
        this.#isRunning = false;
        if (this.#open) this.#runAfter(this.#nudged ? this.#gatherMs : this.#pauses.everyMs);
      });
    }, ms).unref();
  }
}
