import { uuidv7 } from 'uuidv7';
import type { IamEvent } from '../../domain/events.ts';
import type { EventId, PublicEvent, PublishedEvent } from '../../domain/webhook/public-event.ts';
import { publicEventOf } from '../../domain/webhook/public-events.ts';
import type { EventReader } from '../../ports/event-log.ts';

/** A published event, and the tenant that is told of it. */
export interface EventRow {
  readonly event: PublishedEvent;
  readonly reader: EventReader;
}

/** What was committed and may be told. */
export class EventLine {
  /** In the order of their commits. */
  readonly waiting = new Map<EventId, PublicEvent>();
  /** In the order in which they were published. */
  readonly published = new Map<EventId, EventRow>();
  /** The latest number by reader and subject. */
  readonly numbers = new Map<string, number>();
  /** What the numbers of a new subject come after. */
  floor = 0;
  readonly listeners: (() => void)[] = [];

  add(events: readonly IamEvent[]): void {
    const told = events.flatMap((event) => publicEventOf(event) ?? []);
    for (const event of told) this.waiting.set(uuidv7() as EventId, structuredClone(event));
    if (told.length > 0) for (const listener of this.listeners) queueMicrotask(listener);
  }

  *entries(): Iterable<readonly [string, unknown]> {
    yield* this.waiting;
    yield* this.published;
    yield* this.numbers;
  }
}
