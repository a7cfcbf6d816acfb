/** Does something again and again: runs never overlap, and between two of them there is a pause. */
export class Recurring {
  readonly #run: () => Promise<void>;
  readonly #pauses: { readonly firstAfterMs: number; readonly everyMs: number };
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #open = false;

  /** `run` MUST NOT reject. `everyMs`: from the end of a run to the next. */
  constructor(run: () => Promise<void>, pauses: { readonly firstAfterMs: number; readonly everyMs: number }) {
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

  /** Resolves when the run under way, if any, has come to its end. */
  async stop(): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #runAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#run().then(() => {
        if (this.#open) this.#runAfter(this.#pauses.everyMs);
      });
    }, ms).unref();
  }
}
