import { type AttemptLimit, reserveAttempt } from '../../domain/user/attempt-window.ts';
import type { AttemptBudget, BudgetKey, Reservation } from '../../ports/attempt-budget.ts';
import { type MemoryStore, scoped } from './store.ts';

export class MemoryAttemptBudget implements AttemptBudget {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async reserve(key: BudgetKey, rule: AttemptLimit, now: Date): Promise<Reservation> {
    const row = this.#store.attempts.get(attemptName(key));
    const window = reserveAttempt(row?.window, rule, now);
    if (window !== undefined) this.#store.attempts.set(attemptName(key), { window, succeededAt: row?.succeededAt });
    const standing = window ?? row?.window;
    return {
      granted: window !== undefined,
      retryAfterSeconds: standing && window === undefined ? secondsUntil(standing.endsAt, now) : 0,
      usedUp: reserveAttempt(standing, rule, now) === undefined,
      failures: standing?.failures ?? 0,
      succeededAt: row?.succeededAt,
    };
  }

  async look(key: BudgetKey): Promise<Pick<Reservation, 'failures' | 'succeededAt'>> {
    const row = this.#store.attempts.get(attemptName(key));
    return { failures: row?.window?.failures ?? 0, succeededAt: row?.succeededAt };
  }
}

export function attemptName({ projectId, budget, subject }: BudgetKey): string {
  return scoped(projectId, budget, subject);
}

function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1000));
}
