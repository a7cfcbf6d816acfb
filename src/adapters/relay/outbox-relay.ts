import type { Clock } from '../../ports/clock.ts';
import type { OutboxFeed, OutboxMessage } from '../../ports/outbox-feed.ts';
import { backOffMs } from './back-off.ts';
import type { Report, Trouble } from './report.ts';

export interface OutboxRelayParts {
  readonly feed: OutboxFeed;
  /** What follows from an event. MUST be idempotent on the message's id. */
  readonly react: (message: OutboxMessage) => Promise<void>;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits?: Partial<RelayLimits>;
}

export interface RelayLimits {
  /** Messages in one claim. */
  readonly batch: number;
  /** Reactions at once. */
  readonly concurrency: number;
  /** How often to look for what fell due, or was added elsewhere. */
  readonly pollMs: number;
  /** How long to gather after a nudge, so that a busy process claims batches and not single messages. */
  readonly gatherMs: number;
  /** A reaction that takes longer has failed. */
  readonly deadlineMs: number;
  /** A message that failed this often is a dead letter: 24 are some three hours. */
  readonly attempts: number;
}

const LIMITS: RelayLimits = {
  batch: 32,
  concurrency: 8,
  pollMs: 1_000,
  gatherMs: 25,
  deadlineMs: 25_000,
  attempts: 24,
};

/** Longer than a whole batch can take when every reaction runs into its deadline. */
const LEASE_SECONDS = 180;
const REASON_LENGTH = 300;

/**
 * Tells the world what was committed, at least once: claims messages when nudged and on an interval, reacts to a few at
 * a time, tries those that failed again later, and buries those that always do. One that fails or hangs holds up no
 * other.
 */
export class OutboxRelay {
  readonly #feed: OutboxFeed;
  readonly #react: OutboxRelayParts['react'];
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #limits: RelayLimits;
  readonly #waiting: OutboxMessage[] = [];
  readonly #running = new Set<Promise<void>>();
  #finished: string[] = [];
  #settling: Promise<void> | undefined;
  #claiming: Promise<void> | undefined;
  #wanted = false;
  #open = false;
  #poll: NodeJS.Timeout | undefined;
  #gather: NodeJS.Timeout | undefined;

  constructor({ feed, react, clock, report, limits }: OutboxRelayParts) {
    this.#feed = feed;
    this.#react = react;
    this.#clock = clock;
    this.#report = report;
    this.#limits = { ...LIMITS, ...limits };
    feed.onAdded(() => this.#nudge());
  }

  start(): void {
    if (this.#open) return;
    this.#open = true;
    this.#poll = setInterval(() => this.#claim(), this.#limits.pollMs).unref();
    this.#claim();
  }

  /** Claims no more, gives back what was not begun, and resolves when what was begun is finished. */
  async stop(): Promise<void> {
    this.#open = false;
    clearInterval(this.#poll);
    clearTimeout(this.#gather);
    this.#gather = undefined;
    await this.#claiming;
    const unbegun = this.#waiting.splice(0);
    await Promise.all(
      unbegun.map(({ id }) => this.#settle(() => this.#feed.postpone(id, this.#clock.now(), 'stopped'))),
    );
    await Promise.all(this.#running);
    while (this.#settling !== undefined) await this.#settling;
  }

  #nudge(): void {
    if (!this.#open || this.#gather) return;
    this.#gather = setTimeout(() => {
      this.#gather = undefined;
      this.#claim();
    }, this.#limits.gatherMs).unref();
  }

  /** One claim at a time, and only when there is a free hand for what it brings. */
  #claim(): void {
    this.#wanted = true;
    this.#claimIfPossible();
  }

  #claimIfPossible(): void {
    const free = this.#waiting.length === 0 && this.#running.size < this.#limits.concurrency;
    if (!this.#open || !this.#wanted || !free || this.#claiming !== undefined) return;
    this.#wanted = false;
    this.#claiming = this.#claimBatch().finally(() => {
      this.#claiming = undefined;
      this.#begin();
    });
  }

  async #claimBatch(): Promise<void> {
    const { batch } = this.#limits;
    try {
      const claimed = await this.#feed.claim(batch, LEASE_SECONDS, this.#clock.now());
      this.#waiting.push(...claimed);
      this.#wanted ||= claimed.length === batch;
    } catch (error) {
      this.#report({ what: 'claim-failed', error });
    }
  }

  #begin(): void {
    while (this.#open && this.#running.size < this.#limits.concurrency) {
      const message = this.#waiting.shift();
      if (!message) break;
      const run = this.#dispatch(message).finally(() => {
        this.#running.delete(run);
        this.#begin();
      });
      this.#running.add(run);
    }
    this.#claimIfPossible();
  }

  async #dispatch(message: OutboxMessage): Promise<void> {
    try {
      await this.#inTime(this.#react(message));
    } catch (error) {
      await this.#failed(message, error);
      return;
    }
    this.#finished.push(message.id);
    this.#tellFinished();
  }

  /** In as few statements as the feed is fast: what finishes during one goes into the next. */
  #tellFinished(): void {
    if (this.#settling !== undefined || this.#finished.length === 0) return;
    const ids = this.#finished;
    this.#finished = [];
    this.#settling = this.#settle(() => this.#feed.done(ids)).finally(() => {
      this.#settling = undefined;
      this.#tellFinished();
    });
  }

  async #failed(message: OutboxMessage, error: unknown): Promise<void> {
    const { id, attempts, event } = message;
    const about: Trouble['message'] = { id, attempts, type: event.type };
    const reason = String(error).slice(0, REASON_LENGTH);
    const now = this.#clock.now();
    if (attempts >= this.#limits.attempts) {
      this.#report({ what: 'message-buried', error, message: about });
      await this.#settle(() => this.#feed.bury(id, reason, now), about);
    } else {
      this.#report({ what: 'reaction-failed', error, message: about });
      const until = new Date(now.getTime() + backOffMs(attempts));
      await this.#settle(() => this.#feed.postpone(id, until, reason), about);
    }
  }

  /** What cannot be settled comes back when its lease is over. */
  async #settle(tell: () => Promise<void>, message?: Trouble['message']): Promise<void> {
    try {
      await tell();
    } catch (error) {
      this.#report({ what: 'settle-failed', error, ...(message && { message }) });
    }
  }

  async #inTime(reaction: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the reaction took too long')), this.#limits.deadlineMs);
    });
    try {
      await Promise.race([reaction, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
