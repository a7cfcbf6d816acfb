import type { ProjectId } from '../domain/project/project.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { EventId, PublishedEvent } from '../domain/webhook/public-event.ts';
import type { Page } from './directories/page.ts';

/** Whoever is told: a tenant, and with a root tenant what in its project is of none. */
export interface EventReader {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
}

export interface EventPageRequest {
  /** `undefined`: from the oldest that is kept. */
  readonly after: EventId | undefined;
  /** A name, or every name under a prefix: `user.*`. */
  readonly type: string | undefined;
  /** 1–100. */
  readonly limit: number;
}

/**
 * What was committed and may be told, in one line that never changes. Committing adds to it without waiting for anybody;
 * an event gets its place in the line, and its number, when it is published, and only then it can be seen.
 */
export interface EventLog {
  /**
   * Publishes at most `limit` events, with a delivery to every endpoint of their reader that is switched on and wants
   * them, unless the reader is blocked. Any number of replicas may be at it: each event is published once, its subject
   * numbered without a gap. What was committed before another commit began comes first; a commit that takes long holds
   * up no other, and takes its place after what was published meanwhile, so that whoever reads on from the last event
   * they saw MUST NOT miss one. Answers how many; 0 when nothing is left to do, or somebody else is at it. MUST be
   * cheap when there is nothing.
   */
  publish(limit: number, now: Date): Promise<number>;
  byId(reader: EventReader, id: EventId): Promise<PublishedEvent | undefined>;
  /** Oldest first. `undefined` when the reader was never told of `after`, or not for as long as events are kept. */
  page(reader: EventReader, request: EventPageRequest): Promise<Page<PublishedEvent> | undefined>;
  /**
   * Lets go of what happened before `before`, with its deliveries; the numbers go on from where they were. Answers how
   * many of at most `limit` went; 0 means that nothing is left to do.
   */
  forget(before: Date, limit: number): Promise<number>;
  /** Calls back soon after a commit of this process has added events. */
  onAdded(listener: () => void): void;
}
