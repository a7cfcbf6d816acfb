import type { EventLog } from '../../ports/event-log.ts';
import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

export interface EventPublisherParts {
  readonly onAdded: EventLog['onAdded'];
  /** Publishes at most so many events, and answers how many. */
  readonly publish: (limit: number) => Promise<number>;
  /** Something may be to be delivered. */
  readonly onPublished: () => void;
  readonly report: Report;
  /** How often to look for what was committed elsewhere. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
/** So that a busy process publishes many events at once, and not each by itself. */
const GATHER_MS = 100;
const BATCH = 200;

/** Publishes what was committed: soon where this process did it, and within a second where another one died over it. */
export class EventPublisher {
  readonly #parts: EventPublisherParts;
  readonly #runs: Recurring;

  constructor(parts: EventPublisherParts) {
    const { everyMs = EVERY_MS, onAdded } = parts;
    this.#parts = parts;
    this.#runs = new Recurring(() => this.#publishAll(), { firstAfterMs: everyMs, everyMs, gatherMs: GATHER_MS });
    onAdded(() => this.#runs.nudge());
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when the batch under way, if any, is published; the rest is for whoever runs next. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /** Less than a batch is the end, or another replica is at it. */
  async #publishAll(): Promise<void> {
    const { publish, onPublished, report } = this.#parts;
    try {
      let published = BATCH;
      while (this.#runs.isOpen && published === BATCH) {
        published = await publish(BATCH);
        if (published > 0) onPublished();
      }
    } catch (error) {
      report({ what: 'publish-failed', error });
    }
  }
}
