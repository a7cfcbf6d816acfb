import type { DomainEvent } from './domain-event.ts';

/** A consistency boundary: it changes as a whole, and remembers what happened until a unit of work tells the world. */
export abstract class AggregateRoot<Event extends DomainEvent> {
  #recorded: Event[] = [];

  protected record(event: Event): void {
    this.#recorded.push(event);
  }

  /** What happened since the last call. For the unit of work only. */
  releaseEvents(): readonly Event[] {
    const released = this.#recorded;
    this.#recorded = [];
    return released;
  }
}
