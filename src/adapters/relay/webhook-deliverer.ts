import type { ClaimedDelivery } from '../../ports/webhook-deliveries.ts';
import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

export interface WebhookDelivererParts {
  /** What is due now, at most so much. */
  readonly claim: (limit: number) => Promise<readonly ClaimedDelivery[]>;
  /** One attempt, whatever comes of it. MUST have a deadline. */
  readonly deliver: (claimed: ClaimedDelivery) => Promise<void>;
  readonly report: Report;
  /** How often to look for what fell due. */
  readonly everyMs?: number;
  /** Attempts at once: they wait for others, and cost next to nothing meanwhile. */
  readonly concurrency?: number;
}

const EVERY_MS = 1_000;
/** So that attempts that end together are followed by one claim. */
const GATHER_MS = 10;
const CONCURRENCY = 128;

/**
 * Delivers what is due, at least once. Every attempt is by itself: a receiver that hangs keeps its own few attempts busy
 * and nobody else's, as long as there are free hands.
 */
export class WebhookDeliverer {
  readonly #parts: WebhookDelivererParts;
  readonly #concurrency: number;
  readonly #runs: Recurring;
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: WebhookDelivererParts) {
    const { everyMs = EVERY_MS, concurrency = CONCURRENCY } = parts;
    this.#parts = parts;
    this.#concurrency = concurrency;
    this.#runs = new Recurring(() => this.#claim(), { firstAfterMs: everyMs, everyMs, gatherMs: GATHER_MS });
  }

  start(): void {
    this.#runs.start();
  }

  /** Something may be due. */
  nudge(): void {
    this.#runs.nudge();
  }

  /** Claims no more, and resolves when every attempt under way has come to its end. */
  async stop(): Promise<void> {
    await this.#runs.stop();
    await Promise.all(this.#underWay);
  }

  async #claim(): Promise<void> {
    const { claim, report } = this.#parts;
    const free = this.#concurrency - this.#underWay.size;
    // Whoever ends an attempt comes back.
    if (free === 0) return;
    try {
      for (const claimed of await claim(free)) this.#begin(claimed);
    } catch (error) {
      report({ what: 'webhook-claim-failed', error });
    }
  }

  /** There may be more for the same receiver, which has room for one again. */
  #begin(claimed: ClaimedDelivery): void {
    const attempt = this.#attempt(claimed).finally(() => {
      this.#underWay.delete(attempt);
      this.#runs.nudge();
    });
    this.#underWay.add(attempt);
  }

  /** One that fails here is nobody's until its lease is over, and then comes back. */
  async #attempt(claimed: ClaimedDelivery): Promise<void> {
    const { deliver, report } = this.#parts;
    try {
      await deliver(claimed);
    } catch (error) {
      const { endpoint, event, attempt } = claimed;
      report({ what: 'webhook-failed', error, delivery: { webhookId: endpoint.id, eventId: event.id, attempt } });
    }
  }
}
