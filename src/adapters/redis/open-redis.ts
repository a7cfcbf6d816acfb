import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { PermissionCache } from '../../ports/permission-cache.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';
import { connectCluster, connectServer } from './connect.ts';
import { Deadline } from './deadline.ts';
import { Line } from './line.ts';
import { RedisPermissionCache } from './permission-cache.ts';
import { type OwnWindows, RedisRateLimiter } from './rate-limiter.ts';
import { RedisSessionWatch } from './session-watch.ts';
import { nowAndThen, type OnTrouble } from './trouble.ts';

export interface RedisOptions {
  /** `redis://` or `rediss://`; several are a cluster. */
  readonly nodes: readonly string[];
  /** What this process has by itself, and goes on with while Redis does not answer. */
  readonly own: { readonly windows: OwnWindows; readonly permissions: PermissionCache };
  /** Of all replicas: what one of them has written is known by it. */
  readonly key: KeyObject;
  readonly clock: Clock;
  /** Now and then while something is wrong. */
  readonly onTrouble: OnTrouble;
}

export interface RedisPorts {
  readonly rateLimiter: RateLimiter;
  readonly permissionCache: PermissionCache;
  readonly sessionWatch: SessionWatch;
  readonly readiness: Readiness;
  close(): Promise<void>;
}

/** Does not wait for Redis to be there: the ports do without it until it is. */
export function openRedis({ nodes, own, key, clock, onTrouble: tell }: RedisOptions): RedisPorts {
  const onTrouble = nowAndThen(tell);
  const [node = '', ...others] = nodes;
  const connection = others.length === 0 ? connectServer(node, onTrouble) : connectCluster(nodes, onTrouble);
  const line = new Line({ commands: connection.commands, deadline: new Deadline(), onTrouble });
  const sessionWatch = new RedisSessionWatch({ nodes, onTrouble });
  return {
    rateLimiter: new RedisRateLimiter({ line, own: own.windows, clock }),
    permissionCache: new RedisPermissionCache({ line, own: own.permissions, key }),
    sessionWatch,
    readiness: {
      check: async () => ({ cache: (await line.ask((redis) => redis.ping())) === undefined ? 'failing' : 'ok' }),
    },
    async close() {
      await sessionWatch.close();
      await connection.close();
    },
  };
}
