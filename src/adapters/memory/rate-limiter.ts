import type { RateLimit } from '../../domain/project/project-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RateLimiter, RateWindow } from '../../ports/rate-limiter.ts';

interface Counter {
  readonly count: number;
  readonly endsAt: number;
}

/** So many counters at most: beyond it the oldest are forgotten, since memory that strangers fill has to end somewhere. */
const MOST_COUNTERS = 100_000;
const LEFT_WHEN_FULL = 90_000;
const FIRST_SWEEP_AT = 1024;

/** Counts in this process: where there is no cache, or while it is gone. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #counters = new Map<string, Counter>();
  #sweepAt = FIRST_SWEEP_AT;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many windows are remembered. */
  get size(): number {
    return this.#counters.size;
  }

  async hit(key: string, limit: RateLimit): Promise<RateWindow> {
    const now = this.#clock.now().getTime();
    const counter = this.#next(key, limit, now);
    this.#set(key, counter, now);
    return windowOf(counter, limit, now);
  }

  async peek(key: string, limit: RateLimit): Promise<RateWindow> {
    const now = this.#clock.now().getTime();
    return windowOf(this.#next(key, limit, now), limit, now);
  }

  /** The window of `key`, counted elsewhere too, stands at `count` or above, and ends so. */
  raise(key: string, limit: RateLimit, count: number, endsAt: Date): void {
    const now = this.#clock.now().getTime();
    const known = this.#open(key, limit, now)?.count ?? 0;
    if (count > 0 && count >= known) this.#set(key, { count, endsAt: endsAt.getTime() }, now);
  }

  #next(key: string, limit: RateLimit, now: number): Counter {
    const { count, endsAt } = this.#open(key, limit, now) ?? { count: 0, endsAt: now + limit.windowSeconds * 1000 };
    return { count: count + 1, endsAt };
  }

  #open(key: string, { windowSeconds }: RateLimit, now: number): Counter | undefined {
    const counter = this.#counters.get(key);
    // A window that ends further away than it is long was opened under a clock that has been set back since.
    const isOpen = counter !== undefined && counter.endsAt > now && counter.endsAt - now <= windowSeconds * 1000;
    return isOpen ? counter : undefined;
  }

  /** The oldest windows come first. */
  #set(key: string, counter: Counter, now: number): void {
    if (this.#counters.get(key)?.endsAt !== counter.endsAt) {
      this.#counters.delete(key);
      this.#makeRoom(now);
    }
    this.#counters.set(key, counter);
  }

  /** Sweeps when the number of counters has doubled, or none fits in: each request pays for a few looks on average. */
  #makeRoom(now: number): void {
    if (this.#counters.size < this.#sweepAt) return;
    for (const [key, { endsAt }] of this.#counters) if (endsAt <= now) this.#counters.delete(key);
    for (const key of this.#counters.keys()) {
      if (this.#counters.size <= LEFT_WHEN_FULL) break;
      this.#counters.delete(key);
    }
    this.#sweepAt = Math.min(MOST_COUNTERS, Math.max(FIRST_SWEEP_AT, this.#counters.size * 2));
  }
}

function windowOf({ count, endsAt }: Counter, { limit, windowSeconds }: RateLimit, now: number): RateWindow {
  return {
    limit,
    windowSeconds,
    remaining: Math.max(0, limit - count),
    resetSeconds: Math.max(1, Math.ceil((endsAt - now) / 1000)),
    exceeded: count > limit,
  };
}
