import { isOfType } from '../../domain/webhook/event-filter.ts';
import type { EventId, PublicEvent, PublishedEvent } from '../../domain/webhook/public-event.ts';
import type { Page } from '../../ports/directories/page.ts';
import type { EventLog, EventPageRequest, EventReader } from '../../ports/event-log.ts';
import type { EventRow } from './event-line.ts';
import { type MemoryStore, scoped } from './store.ts';

export class MemoryEventLog implements EventLog {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async publish(limit: number, now: Date): Promise<number> {
    const { waiting, published } = this.#store.events;
    const next = [...waiting].slice(0, limit);
    for (const [id, event] of next) {
      const row = this.#numbered(id, event);
      waiting.delete(id);
      published.set(id, row);
      this.#addDeliveries(row, now);
    }
    return next.length;
  }

  async byId(reader: EventReader, id: EventId): Promise<PublishedEvent | undefined> {
    const row = this.#store.events.published.get(id);
    return row && isFor(row, reader) ? structuredClone(row.event) : undefined;
  }

  async page(reader: EventReader, { after, type, limit }: EventPageRequest): Promise<Page<PublishedEvent> | undefined> {
    const told = [...this.#store.events.published.values()].filter((row) => isFor(row, reader));
    const known = told.findIndex(({ event }) => event.id === after);
    if (after !== undefined && known === -1) return undefined;
    const rest = told
      .slice(known + 1)
      .map(({ event }) => event)
      .filter((event) => type === undefined || isOfType(event.type, type));
    return { items: structuredClone(rest.slice(0, limit)), hasMore: rest.length > limit };
  }

  async forget(before: Date, limit: number): Promise<number> {
    const { events, webhookDeliveries } = this.#store;
    const published = [...events.published.values()].map(({ event }) => event);
    const waiting = [...events.waiting].map(([id, { occurredAt }]) => ({ id, occurredAt }));
    const old = [...published, ...waiting].filter(({ occurredAt }) => occurredAt < before).slice(0, limit);
    for (const { id } of old) {
      for (const key of webhookDeliveries.keysOfGroup('event', id)) webhookDeliveries.delete(key);
      events.published.delete(id);
      events.waiting.delete(id);
    }
    return old.length;
  }

  onAdded(listener: () => void): void {
    this.#store.events.listeners.push(listener);
  }

  #numbered(id: EventId, event: PublicEvent): EventRow {
    const { projects, events } = this.#store;
    const { projectId, subject } = event;
    const tenantId = event.tenantId ?? projects.get(projectId)?.rootTenantId;
    if (tenantId === undefined) throw new Error('an event of a project that is not there');
    const stream = scoped(projectId, tenantId, subject.kind, subject.id);
    const sequence = (events.numbers.get(stream) ?? events.floor) + 1;
    events.numbers.set(stream, sequence);
    return { event: { ...event, id, sequence }, reader: { projectId, tenantId } };
  }

  #addDeliveries({ event, reader: { projectId, tenantId } }: EventRow, now: Date): void {
    const { tenants, webhookEndpoints, webhookDeliveries } = this.#store;
    if (tenants.get(scoped(projectId, tenantId))?.blockedAt !== null) return;
    for (const endpoint of webhookEndpoints.ofGroup('tenant', scoped(projectId, tenantId))) {
      const { enabled, eventTypes } = endpoint;
      const wants = eventTypes.length === 0 || eventTypes.some((filter) => isOfType(event.type, filter));
      if (!enabled || !wants) continue;
      const delivery = { projectId, tenantId, webhookId: endpoint.id, eventId: event.id, ...dueSince(now) };
      webhookDeliveries.put(delivery, this.#store.nextVersion());
    }
  }
}

/** As a delivery begins. */
export function dueSince(now: Date) {
  const nothingYet = { attempts: 0, lastAttemptAt: null, lastStatus: null, lastError: null, leasedUntil: null };
  return { status: 'pending', nextAttemptAt: now, ...nothingYet } as const;
}

export function isFor({ reader }: EventRow, { projectId, tenantId }: EventReader): boolean {
  return reader.projectId === projectId && reader.tenantId === tenantId;
}
