import type { BudgetKey } from '../../../ports/attempt-budget.ts';
import type { Change } from './change.ts';

/** The window is given back, failures and progression start anew, the success is remembered. */
export function attemptSucceeded(key: BudgetKey, now: Date): Change {
  return {
    ...attempt(key, 'succeeded'),
    params: [key.projectId, key.budget, key.subject, now.toISOString()],
    sql: (next) =>
      `insert into "attempt_budgets" ("project_id", "budget", "subject", "length_seconds", "used", "failures", "succeeded_at") ` +
      `values (${next()}, ${next()}, ${next()}, 0, 0, 0, ${next()}) on conflict ("project_id", "budget", "subject") ` +
      `do update set "ends_at" = null, "length_seconds" = 0, "used" = 0, "failures" = 0, "succeeded_at" = excluded."succeeded_at"`,
  };
}

/** One attempt never was. */
export function attemptGivenBack(key: BudgetKey): Change {
  return {
    ...attempt(key, 'given back'),
    params: [key.projectId, key.budget, key.subject],
    sql: (next) =>
      `update "attempt_budgets" set "used" = greatest("used" - 1, 0), "failures" = greatest("failures" - 1, 0) ` +
      `where "project_id" = ${next()} and "budget" = ${next()} and "subject" = ${next()}`,
  };
}

/** Failures and progression start anew; the present window stays. */
export function attemptForgiven(key: BudgetKey): Change {
  return {
    ...attempt(key, 'forgiven'),
    params: [key.projectId, key.budget, key.subject],
    sql: (next) =>
      `update "attempt_budgets" set "failures" = 0, "length_seconds" = 0 ` +
      `where "project_id" = ${next()} and "budget" = ${next()} and "subject" = ${next()}`,
  };
}

function attempt({ projectId, budget, subject }: BudgetKey, what: string): Pick<Change, 'row' | 'shape' | 'answers'> {
  return { row: `attempt_budgets ${projectId} ${budget} ${subject}`, shape: `attempt ${what}`, answers: 'nothing' };
}
