import { IamError } from '../../domain/errors.ts';

export interface HashGateLimits {
  /** How many run at once: the cores, since a hash keeps one busy. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long each of them may. */
  readonly deadlineMs: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly deadline: NodeJS.Timeout;
}

/**
 * The one door to slow hashes. Whoever finds the queue full, or waits longer than the deadline, is refused with
 * `overloaded`: a flood of sign-ins costs some of them, never the process (ASVS 15.2.2).
 */
export class HashGate {
  readonly #limits: HashGateLimits;
  readonly #queue = new Set<Waiting>();
  #running = 0;

  constructor(limits: HashGateLimits) {
    this.#limits = limits;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.concurrency) this.#running += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #turn(): Promise<void> {
    if (this.#queue.size >= this.#limits.queue) return Promise.reject(this.#overloaded());
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#queue.delete(waiting);
        reject(this.#overloaded());
      }, this.#limits.deadlineMs);
      const waiting: Waiting = { enter: resolve, deadline };
      this.#queue.add(waiting);
    });
  }

  /** The place passes to whoever waits longest. */
  #leave(): void {
    const [first] = this.#queue;
    if (!first) {
      this.#running -= 1;
      return;
    }
    this.#queue.delete(first);
    clearTimeout(first.deadline);
    first.enter();
  }

  #overloaded(): IamError {
    return new IamError('overloaded', { retryAfterSeconds: Math.max(1, Math.ceil(this.#limits.deadlineMs / 1000)) });
  }
}
