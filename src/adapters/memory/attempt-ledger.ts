import { forgiveAttempts, giveBackAttempt } from '../../domain/user/attempt-window.ts';
import type { AttemptLedger } from '../../ports/attempt-budget.ts';
import { attemptName } from './attempt-budget.ts';
import type { CollectedChanges } from './collected-changes.ts';
import type { AttemptRow, MemoryStore } from './store.ts';

export function attemptLedger(store: MemoryStore, changes: CollectedChanges): AttemptLedger {
  const change = (name: string, next: (row: AttemptRow | undefined) => AttemptRow | undefined): void =>
    changes.change((commit) => {
      const row = next(store.attempts.get(name));
      if (row !== undefined) commit.set(store.attempts, name, row);
    });
  return {
    succeed: (keys, now) => {
      for (const key of keys) change(attemptName(key), () => ({ window: undefined, succeededAt: now }));
    },
    giveBack: (keys) => {
      for (const key of keys) {
        change(attemptName(key), (row) => row?.window && { ...row, window: giveBackAttempt(row.window) });
      }
    },
    forgive: (key) => change(attemptName(key), (row) => row?.window && { ...row, window: forgiveAttempts(row.window) }),
  };
}
