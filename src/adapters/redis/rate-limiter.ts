import type { RateLimit } from '../../domain/project/project-settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RateLimiter, RateWindow } from '../../ports/rate-limiter.ts';
import type { Line } from './line.ts';

/** The windows of this process. */
export interface OwnWindows extends RateLimiter {
  /** The window of `key`, counted elsewhere too, stands at `count` or above, and ends so. */
  raise(key: string, limit: RateLimit, count: number, endsAt: Date): void;
}

/**
 * Windows that all replicas share. Where they stand is remembered here, so that a cache that does not answer, or has
 * forgotten, opens no window anew: this process then counts on by itself.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #line: Line;
  readonly #own: OwnWindows;
  readonly #clock: Clock;

  constructor(deps: { readonly line: Line; readonly own: OwnWindows; readonly clock: Clock }) {
    this.#line = deps.line;
    this.#own = deps.own;
    this.#clock = deps.clock;
  }

  hit(key: string, limit: RateLimit): Promise<RateWindow> {
    return this.#count('hit', key, limit);
  }

  peek(key: string, limit: RateLimit): Promise<RateWindow> {
    return this.#count('peek', key, limit);
  }

  async #count(how: 'hit' | 'peek', key: string, limit: RateLimit): Promise<RateWindow> {
    const known = await this.#own.peek(key, limit);
    // Used up is used up until the window ends: whoever floods is refused here.
    if (known.exceeded) return known;
    const askedAt = this.#clock.now().getTime();
    const shared = await this.#line.ask((redis) => redis.rateWindow(`rate:{${key}}`, limit.windowSeconds * 1000, how));
    if (shared !== undefined) {
      const [count, leftMs] = shared;
      this.#own.raise(key, limit, count - 1, new Date(askedAt + leftMs));
    }
    // In the same breath: what is answered next counts on from here.
    return this.#own[how](key, limit);
  }
}
