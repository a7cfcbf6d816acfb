import {
  IDEMPOTENCY_CLAIM_SECONDS,
  IDEMPOTENCY_LIFE_SECONDS,
  type IdempotencyClaim,
  type IdempotencyStore,
  type StoredAnswer,
} from '../../ports/idempotency-store.ts';
import type { IdempotencyRow, MemoryStore } from './store.ts';

export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async claim(scope: string, key: string, fingerprint: string, now: Date): Promise<IdempotencyClaim> {
    const name = nameOf(scope, key);
    const row = this.#store.idempotencyKeys.get(name);
    if (row === undefined || isForgotten(row, now)) {
      this.#store.idempotencyKeys.set(name, { fingerprint, claimedAt: now, outcome: undefined });
      return { kind: 'new' };
    }
    if (row.fingerprint !== fingerprint) return { kind: 'reused' };
    if (row.outcome === undefined) return { kind: 'running' };
    return { kind: 'done', answer: structuredClone(row.outcome.answer) };
  }

  async settle(scope: string, key: string, answer: StoredAnswer | undefined): Promise<void> {
    const name = nameOf(scope, key);
    const row = this.#store.idempotencyKeys.get(name);
    if (row) this.#store.idempotencyKeys.set(name, { ...row, outcome: { answer: structuredClone(answer) } });
  }

  async release(scope: string, key: string): Promise<void> {
    this.#store.idempotencyKeys.delete(nameOf(scope, key));
  }
}

export function isForgotten({ claimedAt, outcome }: IdempotencyRow, now: Date): boolean {
  const lifeSeconds = outcome === undefined ? IDEMPOTENCY_CLAIM_SECONDS : IDEMPOTENCY_LIFE_SECONDS;
  return claimedAt.getTime() + lifeSeconds * 1000 <= now.getTime();
}

function nameOf(scope: string, key: string): string {
  return JSON.stringify([scope, key]);
}
