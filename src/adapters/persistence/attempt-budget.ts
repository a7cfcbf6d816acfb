import { and, eq, type SQL, sql } from 'drizzle-orm';
import { LONGEST_WINDOW_SECONDS } from '../../domain/user/attempt-window.ts';
import type { AttemptBudget, BudgetKey, Reservation } from '../../ports/attempt-budget.ts';
import { type Database, given } from './database.ts';
import { attemptBudgets as budgets } from './schema/index.ts';

/** `reserveAttempt` of the domain as one atomic upsert: the row lock puts attempts in line, the condition refuses. */
export function attemptBudget(database: Database): AttemptBudget {
  const { reserve, look } = statements(database);

  const standing = async (key: BudgetKey) => {
    const row = await look.one({ ...key });
    return { failures: row?.failures ?? 0, succeededAt: row?.succeededAt ?? undefined, endsAt: row?.endsAt };
  };

  return {
    async reserve(key, { lockSeconds = null, closesAfter = null, ...rule }, now): Promise<Reservation> {
      const granted = await reserve.one({ ...key, ...rule, lockSeconds, closesAfter, now });
      if (granted) {
        const { used, failures, succeededAt } = granted;
        const usedUp = used >= rule.limit || (closesAfter !== null && failures >= closesAfter);
        return { granted: true, retryAfterSeconds: 0, usedUp, failures, succeededAt: succeededAt ?? undefined };
      }
      const { endsAt, ...seen } = await standing(key);
      return { granted: false, retryAfterSeconds: secondsUntil(endsAt ?? now, now), usedUp: true, ...seen };
    },
    async look(key) {
      const { failures, succeededAt } = await standing(key);
      return { failures, succeededAt };
    },
  };
}

function statements(database: Database) {
  const { drizzle } = database;
  const now = given.moment('now');
  const windowSeconds = sql`${given.value('windowSeconds')}::integer`;
  const limit = sql`${given.value('limit')}::integer`;
  const lockSeconds = sql`${given.value('lockSeconds')}::integer`;
  const isOpen = sql`${budgets.endsAt} > ${now}`;
  const grown = sql`case when ${budgets.used} >= ${limit}
    then least(${budgets.lengthSeconds} * 2, ${sql.raw(String(LONGEST_WINDOW_SECONDS))}) else ${budgets.lengthSeconds} end`;
  const nextLength = sql`case when ${given.value('progressive')}::boolean
    then greatest(${grown}, ${windowSeconds}) else ${windowSeconds} end`;
  const keepIfOpen = (open: SQL, anew: SQL) => sql`case when ${isOpen} then ${open} else ${anew} end`;
  const after = (seconds: SQL) => sql`${now} + make_interval(secs => ${seconds})`;
  // Without a lock, or before the window is used up, there is nothing to compare with: "greatest" passes over nulls.
  const lockedIfUsedUp = (endsAt: SQL, used: SQL) =>
    sql`greatest(${endsAt}, case when ${used} >= ${limit} then ${after(lockSeconds)} end)`;
  const usedNow = keepIfOpen(sql`${budgets.used} + 1`, sql`1`);

  const key = {
    projectId: given.value('projectId'),
    budget: given.value('budget'),
    subject: given.value('subject'),
  };
  const target = [budgets.projectId, budgets.budget, budgets.subject];
  const thisOne = and(
    eq(budgets.projectId, key.projectId),
    eq(budgets.budget, key.budget),
    eq(budgets.subject, key.subject),
  );

  return {
    reserve: database.prepared(
      'attempt_reserve',
      drizzle
        .insert(budgets)
        .values({
          ...key,
          endsAt: lockedIfUsedUp(after(windowSeconds), sql`1`),
          lengthSeconds: windowSeconds,
          used: 1,
          failures: 1,
        })
        .onConflictDoUpdate({
          target,
          set: {
            endsAt: lockedIfUsedUp(keepIfOpen(sql`${budgets.endsAt}`, after(nextLength)), usedNow),
            lengthSeconds: keepIfOpen(sql`${budgets.lengthSeconds}`, nextLength),
            used: usedNow,
            failures: sql`${budgets.failures} + 1`,
          },
          setWhere: sql`(not coalesce(${isOpen}, false) or ${budgets.used} < ${limit})
            and coalesce(${budgets.failures} < ${given.value('closesAfter')}::integer, true)`,
        })
        .returning({ used: budgets.used, failures: budgets.failures, succeededAt: budgets.succeededAt }),
    ),
    look: database.prepared(
      'attempt_look',
      drizzle
        .select({ failures: budgets.failures, succeededAt: budgets.succeededAt, endsAt: budgets.endsAt })
        .from(budgets)
        .where(thisOne),
    ),
  };
}

function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1000));
}
