import type { Queue, QueueName } from '../../ports/backlog.ts';
import type { OutcomeTally } from './outcome-tally.ts';
import type { RequestTally } from './request-tally.ts';

/** What is counted somewhere, to be shown when somebody asks. */
export interface MetricSources {
  readonly version: () => string;
  readonly requests: RequestTally;
  /** By code. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly outcomes: OutcomeTally;
  readonly hashGate: () => HashGateLoad;
  readonly pool: () => PoolLoad;
  /** `undefined` where there was no answer in time: then nothing is shown of it. */
  readonly backlog: () => Promise<Readonly<Record<QueueName, Queue>> | undefined>;
  readonly dependencies: () => Promise<Readonly<Record<string, 'ok' | 'failing'>> | undefined>;
  readonly now: () => Date;
}

interface HashGateLoad {
  readonly running: number;
  readonly waiting: number;
  readonly waited: number;
  readonly waitedSeconds: number;
  readonly refused: number;
}

interface PoolLoad {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
  readonly most: number;
}
