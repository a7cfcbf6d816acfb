import type { IamEvent } from '../domain/events.ts';

export interface OutboxMessage {
  /** The event's id: whatever is done about it MUST be idempotent on this. */
  readonly id: string;
  readonly event: IamEvent;
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

/** How long a buried message is kept: it names people, also those who are deleted. */
export const BURIED_KEPT_SECONDS = 30 * 24 * 60 * 60;

/** What committed units of work still have to tell the world, at least once. */
export interface OutboxFeed {
  /** Oldest first. A claimed message is nobody else's until `leaseSeconds` have passed. */
  claim(limit: number, leaseSeconds: number, now: Date): Promise<readonly OutboxMessage[]>;
  done(ids: readonly string[]): Promise<void>;
  /** Gives it back for later; `reason` is kept for the operator and MUST NOT hold a secret. */
  postpone(id: string, until: Date, reason: string): Promise<void>;
  /** Never claimed again, and kept for the operator for `BURIED_KEPT_SECONDS`. */
  bury(id: string, reason: string, now: Date): Promise<void>;
  /** Calls back soon after a commit of this process has added messages. */
  onAdded(listener: () => void): void;
}
