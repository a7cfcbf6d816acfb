import { type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';

/** JSON lines on standard output; for people, on a terminal. */
export async function createLogger({ level, format }: Config['log']): Promise<Logger> {
  if (format === 'json') return pino({ level });
  const { default: pretty } = await import('pino-pretty');
  return pino({ level }, pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}
