import type { Clock } from '../../ports/clock.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { Config } from '../config/config.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { MemoryPermissionCache, MemoryRateLimiter, MemorySessionWatch } from '../memory/index.ts';

/** What the replicas of the service share besides the database: in Redis, or, of a single one, in its memory. */
export interface Cache extends Pick<Ports, 'rateLimiter' | 'permissionCache' | 'sessionWatch'> {
  readonly readiness: Readiness;
  close(): Promise<void>;
}

/** Loads only what is used: the Redis client is a good part of a start. */
export async function openCache(
  { cache }: Pick<Config, 'cache'>,
  {
    clock,
    keyRing,
    onTrouble,
  }: { readonly clock: Clock; readonly keyRing: KeyRing; readonly onTrouble: (error: unknown) => void },
): Promise<Cache> {
  const own = { windows: new MemoryRateLimiter(clock), permissions: new MemoryPermissionCache() };
  if (cache.kind === 'memory') {
    return {
      rateLimiter: own.windows,
      permissionCache: own.permissions,
      sessionWatch: new MemorySessionWatch(),
      readiness: { check: async () => ({}) },
      close: async () => undefined,
    };
  }
  const { openRedis } = await import('../redis/index.ts');
  const { key } = keyRing.keys('cache')[0];
  return openRedis({ nodes: cache.nodes, own, key, clock, onTrouble });
}
