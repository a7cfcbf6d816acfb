/**
 * Something that happened, in the past tense, as plain JSON-safe data: ids and names only.
 * An event never carries a secret, a hash or a token; it is stored and shown to others.
 */
export interface DomainEvent {
  readonly type: string;
  readonly projectId: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
}
