import type { Backlog } from '../../ports/backlog.ts';
import type { MemoryStore } from './store.ts';

export class MemoryBacklog implements Backlog {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async look(): ReturnType<Backlog['look']> {
    const { outbox, buried, auditLog } = this.#store;
    const messages = [...outbox.values()].map(({ event }) => Date.parse(event.occurredAt));
    const records = [...auditLog.unsealed].flatMap((id) => auditLog.rows.get(id)?.timestamp.getTime() ?? []);
    return {
      outbox: { waiting: messages.length, oldest: earliest(messages), buried: buried.size },
      'audit-seals': { waiting: records.length, oldest: earliest(records), buried: 0 },
    };
  }
}

function earliest(moments: readonly number[]): Date | undefined {
  return moments.length === 0 ? undefined : new Date(Math.min(...moments));
}
