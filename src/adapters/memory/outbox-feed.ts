import type { OutboxFeed, OutboxMessage } from '../../ports/outbox-feed.ts';
import type { MemoryStore } from './store.ts';

export class MemoryOutboxFeed implements OutboxFeed {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async claim(limit: number, leaseSeconds: number, now: Date): Promise<readonly OutboxMessage[]> {
    const claimed: OutboxMessage[] = [];
    const availableAt = new Date(now.getTime() + leaseSeconds * 1000);
    for (const [id, row] of this.#store.outbox) {
      if (claimed.length >= limit) break;
      if (row.availableAt !== undefined && row.availableAt > now) continue;
      const attempts = row.attempts + 1;
      this.#store.outbox.set(id, { ...row, attempts, availableAt });
      claimed.push({ id, event: structuredClone(row.event), attempts });
    }
    return claimed;
  }

  async done(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#store.outbox.delete(id);
  }

  async postpone(id: string, until: Date, reason: string): Promise<void> {
    const row = this.#store.outbox.get(id);
    if (row) this.#store.outbox.set(id, { ...row, availableAt: until, reason });
  }

  async bury(id: string, reason: string, now: Date): Promise<void> {
    const row = this.#store.outbox.get(id);
    if (!row) return;
    this.#store.outbox.delete(id);
    this.#store.buried.set(id, { ...row, reason, buriedAt: now });
  }

  onAdded(listener: () => void): void {
    this.#store.outboxListeners.push(listener);
  }
}
