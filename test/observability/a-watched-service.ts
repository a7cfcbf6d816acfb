import { loggerInto } from '../../src/adapters/container/logger.ts';
import { LogContext } from '../../src/adapters/observability/log-context.ts';
import { Metrics } from '../../src/adapters/observability/metrics.ts';
import type { Queue, QueueName } from '../../src/ports/backlog.ts';
import { aService, type Given } from '../security/a-service.ts';

const IDLE: Queue = { waiting: 0, oldest: undefined, buried: 0 };
export const NOTHING_WAITS: Readonly<Record<QueueName, Queue>> = {
  outbox: IDLE,
  'audit-seals': IDLE,
  events: IDLE,
  webhooks: IDLE,
};

export type World = ConstructorParameters<typeof Metrics>[0];

/** Where nothing happens. */
export const QUIET: World = {
  version: () => '1.2.3',
  hashGate: () => ({ running: 0, waiting: 0, waited: 0, waitedSeconds: 0, refused: 0 }),
  pool: () => ({ open: 0, idle: 0, waiting: 0, most: 10 }),
  backlog: async () => NOTHING_WAITS,
  dependencies: async () => ({ database: 'ok' }),
  now: () => new Date(),
};

/** As `aService`, with everything that the real one is watched by: counted, and with lines that say whose they are. */
export async function aWatchedService({ world = {}, ...given }: Given & { readonly world?: Partial<World> } = {}) {
  const metrics = new Metrics({ ...QUIET, ...world });
  const logContext = new LogContext();
  const lines: string[] = [];
  const logger = loggerInto({ write: (line) => void lines.push(line) }, 'trace', () => ({ ...logContext.fields }));
  const service = await aService({
    ...given,
    ports: (memory) => ({ observer: metrics.outcomes, ...given.ports?.(memory) }),
    http: { metrics, logger, inLog: (fields, work) => logContext.run(fields, work), ...given.http },
  });
  return { ...service, metrics, logger, logContext, lines };
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a page of metrics says, as Prometheus reads it. */
export function samplesOf(text: string): readonly Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, given]) => [label, given]);
    return { name, labels: Object.fromEntries(pairs), value: Number(value) };
  });
}
