/** Longer than it takes to notice and drop a connection whose other end is frozen. */
const LONGEST_SILENCE_MS = 5000;

/**
 * Nobody waits beyond it. While an answer is overdue, whoever asks is turned away at once: a frozen server keeps the
 * first waiting, not everybody. And nothing more is written to it: a connection that is written to never counts as
 * idle, which is how the client notices that nobody reads.
 */
export class Deadline {
  readonly #ms: number;
  #silentUntil = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  within<T>(ask: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#silentUntil) return Promise.reject(new Error('an earlier answer is overdue'));
    return new Promise((resolve, reject) => {
      let overdue = false;
      const timer = setTimeout(() => {
        overdue = true;
        this.#silentUntil = performance.now() + LONGEST_SILENCE_MS;
        reject(new Error(`no answer within ${this.#ms} ms`));
      }, this.#ms);
      const settled = () => {
        clearTimeout(timer);
        // Here at last; or the connection is gone, which whoever asks next is told at once.
        if (overdue) this.#silentUntil = 0;
      };
      ask().then(resolve, reject).finally(settled);
    });
  }
}
