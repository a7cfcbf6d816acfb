import { type DestinationStream, destination, type Logger, type LoggerOptions, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { saidOf } from '../http/middleware/said-of-error.ts';

/** Lines are written by the buffer, or this often. */
const BUFFER_BYTES = 4096;
const FLUSH_EVERY_MS = 200;

/** What a line may be about. Whatever else somebody gives the log is left out: a secret has no place to stand. */
const FIELDS: ReadonlySet<string> = new Set([
  ...['requestId', 'trace_id', 'span_id', 'method', 'route', 'status', 'milliseconds', 'address'],
  ...['what', 'messageId', 'event', 'attempts', 'providerId', 'projectId', 'signal'],
  ...['err', 'causes', 'stack'],
]);
const LEFT_OUT = '(left out)';

/** What tells a line of the log whose it is: of the work that it is written in. */
export type Belonging = () => Readonly<Record<string, string>>;

/** JSON lines on standard output; for people, on a terminal. */
export async function createLogger({ level, format }: Config['log'], belonging: Belonging): Promise<Logger> {
  if (format === 'json') {
    const output = destination({ sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS });
    return loggerInto(output, level, belonging);
  }
  const { default: pretty } = await import('pino-pretty');
  return loggerInto(pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }), level, belonging);
}

/** The same lines, wherever they go. */
export function loggerInto(output: DestinationStream, level: string, belonging: Belonging = () => ({})): Logger {
  const options: LoggerOptions = {
    level,
    mixin: belonging,
    serializers: { err: saidOf },
    formatters: { log: allowed },
  };
  return pino(options, output);
}

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) if (!FIELDS.has(name)) return withoutOthers(fields);
  return fields;
}

function withoutOthers(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, FIELDS.has(name) ? value : LEFT_OUT]));
}
