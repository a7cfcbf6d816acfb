import { IamError } from '../../domain/errors.ts';

export interface HashGateLimits {
  /** How many run at once: the cores, since a hash keeps one busy. */
  readonly concurrency: number;
  /** How much memory those take together. What takes more by itself runs alone. */
  readonly memoryKib: number;
  /** How many more there may be: they wait. */
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
  readonly memoryKib: number;
  readonly enter: () => void;
  readonly deadline: NodeJS.Timeout;
  readonly since: number;
}

/**
 * The one door to slow hashes, first come first served: whoever needs much memory waits for it, and others behind them.
 * Whoever finds the queue full, or waits longer than the deadline, is refused with `overloaded`: a flood of sign-ins
 * costs some of them, never the process (ASVS 15.2.2).
 */
export class HashGate {
  readonly #limits: HashGateLimits;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #memoryKib = 0;
  #kept = 0;
  #waited = 0;
  #waitedMs = 0;
  #refused = 0;

  constructor(limits: HashGateLimits) {
    this.#limits = limits;
  }

  /** `memoryKib`: what the work takes. */
  async run<T>(memoryKib: number, work: () => Promise<T>): Promise<T> {
    this.#assertRoom();
    if (this.#queue.size === 0 && this.#fits(memoryKib)) this.#enter(memoryKib);
    else await this.#turn(memoryKib);
    try {
      return await work();
    } finally {
      this.#leave(memoryKib);
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
      return await work((memoryKib, hash) => {
        free();
        return this.run(memoryKib, hash);
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

  #fits(memoryKib: number): boolean {
    if (this.#running === 0) return true;
    return this.#running < this.#limits.concurrency && this.#memoryKib + memoryKib <= this.#limits.memoryKib;
  }

  #enter(memoryKib: number): void {
    this.#running += 1;
    this.#memoryKib += memoryKib;
  }

  #leave(memoryKib: number): void {
    this.#running -= 1;
    this.#memoryKib -= memoryKib;
    this.#callNext();
  }

  #turn(memoryKib: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#takeOut(waiting);
        reject(this.#refusal());
        // Whoever waited behind them may need less.
        this.#callNext();
      }, this.#limits.deadlineMs);
      const waiting: Waiting = { memoryKib, enter: resolve, deadline, since: performance.now() };
      this.#queue.add(waiting);
    });
  }

  /** Nobody overtakes: whoever needs much would wait for ever. */
  #callNext(): void {
    for (const first of this.#queue) {
      if (!this.#fits(first.memoryKib)) return;
      this.#takeOut(first);
      clearTimeout(first.deadline);
      this.#enter(first.memoryKib);
      first.enter();
    }
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
