import type { Backlog, Queue } from '../../ports/backlog.ts';
import { type MemoryStore, scoped } from './store.ts';

export class MemoryBacklog implements Backlog {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async look(now: Date): ReturnType<Backlog['look']> {
    const { outbox, buried, auditLog, events, webhookDeliveries, webhookEndpoints } = this.#store;
    const messages = [...outbox.values()].map(({ event }) => new Date(event.occurredAt));
    const records = [...auditLog.unsealed].flatMap((id) => auditLog.rows.get(id)?.timestamp ?? []);
    const waiting = [...events.waiting.values()].map(({ occurredAt }) => occurredAt);
    const due = [...webhookDeliveries.entries()].flatMap(([, { projectId, tenantId, webhookId, nextAttemptAt }]) => {
      const enabled = webhookEndpoints.get(scoped(projectId, tenantId, webhookId))?.enabled ?? false;
      return enabled && nextAttemptAt !== null && nextAttemptAt <= now ? [nextAttemptAt] : [];
    });
    return {
      outbox: { ...queueOf(messages), buried: buried.size },
      'audit-seals': queueOf(records),
      events: queueOf(waiting),
      webhooks: queueOf(due),
    };
  }
}

function queueOf(moments: readonly Date[]): Queue {
  const oldest = moments.length === 0 ? undefined : new Date(Math.min(...moments.map(Number)));
  return { waiting: moments.length, oldest, buried: 0 };
}
