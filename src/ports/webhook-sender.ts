/** One attempt to tell a receiver. */
export interface WebhookAttempt {
  readonly url: string;
  /** The `webhook-id`: the same at every attempt, so that a receiver can drop repeats. */
  readonly id: string;
  /** The `webhook-timestamp`: when the attempt is made. */
  readonly timestamp: Date;
  readonly body: string;
  /** Each signs (`whsec_…`). */
  readonly secrets: readonly string[];
}

/** What the receiver answered; of the answer nothing else is kept. */
export interface WebhookAnswer {
  readonly status: number;
  /** As the receiver asked (`Retry-After`), whatever the status. */
  readonly retryAfterSeconds?: number;
}

/**
 * Tells receivers, by Standard Webhooks. Every call MUST have a deadline, MUST follow no redirect, MUST read a bounded
 * answer, and MUST NOT reach private addresses unless allowed.
 */
export interface WebhookSender {
  /** Says what is wrong with an address, so that it is refused before it is stored. */
  faultOf(url: string): string | undefined;
  /** Rejects with `unavailable` when there was no answer; an address that is not to be reached counts as one that gives none. */
  send(attempt: WebhookAttempt): Promise<WebhookAnswer>;
}
