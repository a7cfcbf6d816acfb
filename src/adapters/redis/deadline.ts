/** How long anybody waits for an answer. */
const ANSWER_MS = 250;

/** Longer than it takes to notice and drop a connection whose other end is frozen. */
const LONGEST_SILENCE_MS = 5000;

/**
 * Nobody waits beyond it. While an answer is overdue, whoever asks is turned away at once: a frozen server keeps the
 * first waiting, not everybody. And nothing more is written to it: a connection that is written to never counts as
 * idle, which is how the client notices that nobody reads.
 */
export class Deadline {
  readonly #answerMs: number;
  readonly #longestSilenceMs: number;
  #silentUntil = 0;

  constructor({ answerMs = ANSWER_MS, longestSilenceMs = LONGEST_SILENCE_MS } = {}) {
    this.#answerMs = answerMs;
    this.#longestSilenceMs = longestSilenceMs;
  }

  within<T>(ask: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#silentUntil) return Promise.reject(new Error('an earlier answer is overdue'));
    return new Promise((resolve, reject) => {
      let overdue = false;
      const timer = setTimeout(() => {
        overdue = true;
        this.#silentUntil = performance.now() + this.#longestSilenceMs;
        reject(new Error(`no answer within ${this.#answerMs} ms`));
      }, this.#answerMs);
      const settled = () => {
        clearTimeout(timer);
        // Here at last; or the connection is gone, which whoever asks next is told at once.
        if (overdue) this.#silentUntil = 0;
      };
      ask().then(resolve, reject).finally(settled);
    });
  }
}
