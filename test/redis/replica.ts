import { createSecretKey, type KeyObject } from 'node:crypto';
import { expect, vi } from 'vitest';
import { MemoryPermissionCache, MemoryRateLimiter, SystemClock } from '../../src/adapters/memory/index.ts';
import { openRedis, type RedisPorts } from '../../src/adapters/redis/index.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Watched } from '../../src/ports/session-watch.ts';

/** What one process of several has of Redis. */
export interface Replica extends RedisPorts, AsyncDisposable {
  /** All that its session watch told, oldest first. */
  readonly heard: readonly Watched[];
  /** What the operator is told. */
  readonly troubles: readonly unknown[];
  /** Until Redis answers it and announcements get through. */
  connected(): Promise<void>;
}

const SHARED_KEY = createSecretKey(Buffer.alloc(32, 'of all replicas'));

export function aReplica(
  nodes: readonly string[],
  { clock = new SystemClock(), key = SHARED_KEY }: { readonly clock?: Clock; readonly key?: KeyObject } = {},
): Replica {
  const heard: Watched[] = [];
  const troubles: unknown[] = [];
  const own = { windows: new MemoryRateLimiter(clock), permissions: new MemoryPermissionCache() };
  const ports = openRedis({ nodes, own, key, clock, onTrouble: (error) => troubles.push(error) });
  ports.sessionWatch.subscribe((watched) => heard.push(watched));
  return {
    ...ports,
    heard,
    troubles,
    connected: async () => {
      await vi.waitFor(async () => expect(await ports.readiness.check()).toEqual({ cache: 'ok' }), PATIENT);
      await vi.waitFor(() => expect(heard).toContainEqual({ all: true }), PATIENT);
    },
    [Symbol.asyncDispose]: ports.close,
  };
}

export async function aConnectedReplica(...options: Parameters<typeof aReplica>): Promise<Replica> {
  const replica = aReplica(...options);
  await replica.connected();
  return replica;
}

/** For what comes when a server has been noticed to be there, or not. */
export const PATIENT = { timeout: 8_000, interval: 20 };

/** What is promised of announcements. */
export const WITHIN_TWO_SECONDS = { timeout: 2_000, interval: 20 };
