import { destination, type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';

/** Lines are written by the buffer, or this often. */
const BUFFER_BYTES = 4096;
const FLUSH_EVERY_MS = 200;

/** JSON lines on standard output; for people, on a terminal. */
export async function createLogger({ level, format }: Config['log']): Promise<Logger> {
  if (format === 'json') {
    return pino({ level }, destination({ sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS }));
  }
  const { default: pretty } = await import('pino-pretty');
  return pino({ level }, pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}
