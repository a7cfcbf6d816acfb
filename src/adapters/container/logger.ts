import { type DestinationStream, destination, type Logger, type LoggerOptions, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { saidOf } from '../http/middleware/said-of-error.ts';

/** Lines are written by the buffer, or this often. */
const BUFFER_BYTES = 4096;
const FLUSH_EVERY_MS = 200;

/** What a line may be about. Whatever else is given to the log is left out: a secret has no place to stand. */
const FIELDS = [
  'requestId',
  'trace_id',
  'span_id',
  'method',
  'route',
  'status',
  'milliseconds',
  'address',
  'what',
  'messageId',
  'webhookId',
  'eventId',
  'event',
  'attempts',
  'providerId',
  'projectId',
  'signal',
  'resealed',
  'of',
  'sealed',
  'unopened',
  'auditChains',
  'apiKeys',
  'from',
  'err',
  'causes',
  'stack',
] as const;
const KNOWN: ReadonlySet<string> = new Set(FIELDS);
const LEFT_OUT = '(left out)';

type Line = Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>>;

interface Write {
  (text: string): void;
  (line: Line, text: string): void;
}

/** The log of the service. Nobody looks at the fields of a child's lines: there are no children. */
export interface Log extends Pick<Logger, 'isLevelEnabled' | 'flush'> {
  readonly fatal: Write;
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
}

/** What tells a line of the log whose it is: of the work that it is written in. */
export type Belonging = () => Readonly<Record<string, string>>;

/** JSON lines on standard output; for people, on a terminal. */
export async function createLogger({ level, format }: Config['log'], belonging: Belonging): Promise<Log> {
  if (format === 'json') {
    const output = destination({ sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS });
    return loggerInto(output, level, belonging);
  }
  const { default: pretty } = await import('pino-pretty');
  return loggerInto(pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }), level, belonging);
}

/** The same lines, wherever they go. */
export function loggerInto(output: DestinationStream, level: string, belonging: Belonging = () => ({})): Log {
  const formatters = { log: allowed };
  const options: LoggerOptions = { level, mixin: belonging, serializers: { err: saidOf }, formatters, hooks };
  return pino(options, output);
}

const hooks: NonNullable<LoggerOptions['hooks']> = {
  /** An error without a text of ours would be logged under what it says itself. */
  logMethod([first, ...more], method) {
    const texts = more.length > 0 || typeof first === 'string' ? more : ['(no text)'];
    method.apply(this, [first, ...texts] as Parameters<typeof method>);
  },
};

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) if (!KNOWN.has(name)) return withoutOthers(fields);
  return fields;
}

function withoutOthers(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, KNOWN.has(name) ? value : LEFT_OUT]));
}
