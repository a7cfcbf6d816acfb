import { IamError } from '../../domain/errors.ts';

export interface HashGateLimits {
  /** How many run at once: the cores, since a hash keeps one busy. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queue: number;
  /** How long each of them may. */
  readonly deadlineMs: number;
}

/** How busy the gate is, and has been. */
export interface HashGateLoad {
  readonly running: number;
  readonly waiting: number;
  /** Those that waited to some end, and for how long altogether. */
  readonly waited: number;
  readonly waitedSeconds: number;
  readonly refused: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly deadline: NodeJS.Timeout;
  readonly since: number;
}

/**
 * The one door to slow hashes. Whoever finds the queue full, or waits longer than the deadline, is refused with
 * `overloaded`: a flood of sign-ins costs some of them, never the process (ASVS 15.2.2).
 */
export class HashGate {
  readonly #limits: HashGateLimits;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #kept = 0;
  #waited = 0;
  #waitedMs = 0;
  #refused = 0;

  constructor(limits: HashGateLimits) {
    this.#limits = limits;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#assertRoom();
    if (this.#running < this.#limits.concurrency) this.#running += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /**
   * For whoever has something to do before the hash: refused before that, or sure of a place, if not of a turn in time.
   * `run` is for one hash.
   */
  async withPlace<T>(work: (run: HashGate['run']) => Promise<T>): Promise<T> {
    this.#assertRoom();
    this.#kept += 1;
    let kept = true;
    const free = () => {
      if (kept) this.#kept -= 1;
      kept = false;
    };
    try {
      return await work((hash) => {
        free();
        return this.run(hash);
      });
    } finally {
      free();
    }
  }

  load(): HashGateLoad {
    return {
      running: this.#running,
      waiting: this.#queue.size,
      waited: this.#waited,
      waitedSeconds: this.#waitedMs / 1000,
      refused: this.#refused,
    };
  }

  #assertRoom(): void {
    const { concurrency, queue } = this.#limits;
    if (this.#running + this.#queue.size + this.#kept >= concurrency + queue) throw this.#refusal();
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#takeOut(waiting);
        reject(this.#refusal());
      }, this.#limits.deadlineMs);
      const waiting: Waiting = { enter: resolve, deadline, since: performance.now() };
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
    this.#takeOut(first);
    clearTimeout(first.deadline);
    first.enter();
  }

  #takeOut(waiting: Waiting): void {
    this.#queue.delete(waiting);
    this.#waited += 1;
    this.#waitedMs += performance.now() - waiting.since;
  }

  #refusal(): IamError {
    this.#refused += 1;
    return new IamError('overloaded', { retryAfterSeconds: Math.max(1, Math.ceil(this.#limits.deadlineMs / 1000)) });
  }
}
