import type { RateLimiter } from '../../src/ports/rate-limiter.ts';
import { describePermissionCacheContract } from '../contracts/permission-cache.contract.ts';
import { describeRateLimiterContract } from '../contracts/rate-limiter.contract.ts';
import { describeSessionWatchContract } from '../contracts/session-watch.contract.ts';
import { SettableClock } from '../support/clock.ts';
import { aConnectedReplica } from './replica.ts';

/** How a test reaches into the server. */
export interface Backdoor {
  pTTL(key: string): Promise<number>;
  pExpire(key: string, ms: number): Promise<unknown>;
}

/** Every promise of the ports that a cache keeps. */
export function describeCacheContracts(name: string, nodes: () => readonly string[], backdoor: () => Backdoor): void {
  describeRateLimiterContract(name, async () => {
    const clock = new SettableClock();
    const replica = await aConnectedReplica(nodes(), { clock });
    const keys = new Set<string>();
    return {
      rateLimiter: remembering(replica.rateLimiter, keys),
      elapse: async (seconds) => {
        clock.advance(seconds);
        for (const key of keys) await hasten(backdoor(), `rate:{${key}}`, seconds);
      },
      dispose: replica.close,
    };
  });
  describePermissionCacheContract(name, async () => {
    const replica = await aConnectedReplica(nodes());
    return { permissionCache: replica.permissionCache, dispose: replica.close };
  });
  describeSessionWatchContract(name, async () => {
    const replica = await aConnectedReplica(nodes());
    return { sessionWatch: replica.sessionWatch, dispose: replica.close };
  });
}

function remembering(limiter: RateLimiter, keys: Set<string>): RateLimiter {
  return {
    hit: (key, limit) => limiter.hit(keys.add(key) && key, limit),
    peek: (key, limit) => limiter.peek(keys.add(key) && key, limit),
  };
}

/** For the key, so many seconds pass at the server. */
async function hasten(server: Backdoor, key: string, seconds: number): Promise<void> {
  const left = await server.pTTL(key);
  if (left > 0) await server.pExpire(key, left - seconds * 1000);
}
