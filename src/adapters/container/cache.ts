import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { Config } from '../config/config.ts';
import { MemoryPermissionCache, MemoryRateLimiter, MemorySessionWatch } from '../memory/index.ts';

/** What the replicas of the service share besides the database: in Redis, or, of a single one, in its memory. */
export interface Cache extends Pick<Ports, 'rateLimiter' | 'permissionCache' | 'sessionWatch'> {
  readonly readiness: Readiness;
  close(): Promise<void>;
}

/** Loads only what is used: the Redis client is a good part of a start. */
export async function openCache({ cache }: Pick<Config, 'cache'>, clock: Clock, logger: Logger): Promise<Cache> {
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
  const onTrouble = (error: unknown) =>
    logger.warn({ err: error }, 'Redis does not answer: requests are counted here, and changes elsewhere seen late');
  return openRedis({ nodes: cache.nodes, own, clock, onTrouble });
}
