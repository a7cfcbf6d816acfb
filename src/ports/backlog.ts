/** Things that wait to be done, and are done in the background. */
export type QueueName = 'outbox' | 'audit-seals';

export interface Queue {
  readonly waiting: number;
  /** When the one that waits longest came to wait. `undefined` where none waits. */
  readonly oldest: Date | undefined;
  /** Given up for good, and kept for the operator. */
  readonly buried: number;
}

/** How far the background is behind, for the operator. */
export interface Backlog {
  /**
   * As of now, over the whole installation. However long the queues are, looking MUST cost little: numbers are counted
   * up to 10,000, and of a queue that is longer the oldest may be any of the first 10,000.
   */
  look(): Promise<Readonly<Record<QueueName, Queue>>>;
}

/** What is longer is not counted to its end. */
export const COUNTED_UP_TO = 10_000;
