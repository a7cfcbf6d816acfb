import type { AttemptLedger } from '../../../ports/attempt-budget.ts';
import { attemptForgiven, attemptGivenBack, attemptSucceeded } from '../commit/attempt-changes.ts';
import type { ChangeSet } from '../commit/change-set.ts';

export function attemptLedger(changes: ChangeSet): AttemptLedger {
  return {
    succeed: (keys, now) => {
      for (const key of keys) changes.add(attemptSucceeded(key, now));
    },
    giveBack: (keys) => {
      for (const key of keys) changes.add(attemptGivenBack(key));
    },
    forgive: (key) => changes.add(attemptForgiven(key)),
  };
}
