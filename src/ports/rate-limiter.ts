import type { RateLimit } from '../domain/project/project-settings.ts';

/** Where a counter stands after a request. */
export interface RateWindow {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Whole seconds until the window resets, at least 1. */
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

/** Requests in fixed windows, shared by every replica where there is a cache, counted here where it is gone. */
export interface RateLimiter {
  /** Counts one request. The request that makes more than `limit` is exceeded. */
  hit(key: string, limit: RateLimit): Promise<RateWindow>;
  /** What the next `hit` would find, without counting. */
  peek(key: string, limit: RateLimit): Promise<RateWindow>;
}
