import { setTimeout as pause } from 'node:timers/promises';

export interface LatelyLimits {
  /** How long an answer is good for. */
  readonly goodForMs: number;
  /** How long whoever wants to know waits for it. */
  readonly deadlineMs: number;
}

/** An answer of a moment ago: however many want to know, one question at a time is asked, and now and then. */
export class Lately<Answer> {
  readonly #ask: () => Promise<Answer>;
  readonly #limits: LatelyLimits;
  #answer: Answer | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<Answer | undefined> | undefined;

  constructor(ask: () => Promise<Answer>, limits: LatelyLimits) {
    this.#ask = ask;
    this.#limits = limits;
  }

  /** `undefined` when there is no answer in time. */
  async get(): Promise<Answer | undefined> {
    const { goodForMs, deadlineMs } = this.#limits;
    if (performance.now() - this.#answeredAt < goodForMs) return this.#answer;
    this.#asking ??= this.#asked();
    const inTime = new AbortController();
    const tooLate = pause(deadlineMs, undefined, { signal: inTime.signal }).catch(() => undefined);
    const answer = await Promise.race([this.#asking, tooLate]);
    inTime.abort();
    return answer;
  }

  /** A failure is an answer, too: nobody asks again at once. */
  async #asked(): Promise<Answer | undefined> {
    this.#answer = await this.#ask().catch(() => undefined);
    this.#answeredAt = performance.now();
    this.#asking = undefined;
    return this.#answer;
  }
}
