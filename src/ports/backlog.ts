/**
 * Things that are done in the background: messages to react to, records to seal, events to publish, and deliveries that
 * are due at webhooks that are switched on.
 */
export type QueueName = 'outbox' | 'audit-seals' | 'events' | 'webhooks';

export interface Queue {
  readonly waiting: number;
  /** Since when the one waits that waits longest. `undefined` where none waits. */
  readonly oldest: Date | undefined;
  /** Messages that were given up for good, and are kept for the operator. */
  readonly buried: number;
}

/** How far the background is behind, for the operator. */
export interface Backlog {
  /**
   * Over the whole installation. However long the queues are, looking MUST cost little: numbers are counted up to
   * 10,000, and of a queue that is longer the oldest may be any of the first 10,000.
   */
  look(now: Date): Promise<Readonly<Record<QueueName, Queue>>>;
}

/** What is longer is not counted to its end. */
export const COUNTED_UP_TO = 10_000;
