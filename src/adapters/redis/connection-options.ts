import type { RedisClientOptions } from 'redis';

/** The pause before the next try to connect. */
export function pauseMs(failures: number): number {
  return Math.min(50 * 2 ** failures, 2000);
}

/**
 * Of every connection. Commands wait for no connection (`disableOfflineQueue`), and their deadline is ours: the
 * client's covers only what it has not written yet, at a multiple of the cost. A frozen server is noticed within 4 s
 * by the pings that it does not answer.
 */
export function connectionOptions() {
  return {
    name: 'castellan',
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandOptions: { timeout: 0 },
    pingInterval: 1000,
    socket: { connectTimeout: 2000, socketTimeout: 3000, reconnectStrategy: pauseMs },
  } as const satisfies RedisClientOptions;
}
