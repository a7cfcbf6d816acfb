import { integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { BudgetName } from '../../../ports/attempt-budget.ts';
import { moment, plainText } from './columns.ts';

/** Changed by every attempt: updates stay heap-only, since nothing but the key is indexed. */
export const attemptBudgets = pgTable(
  'attempt_budgets',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    budget: plainText('budget').$type<BudgetName>().notNull(),
    subject: plainText('subject').notNull(),
    /** Null where there is no window. */
    endsAt: moment('ends_at'),
    /** 0 where the progression starts anew. */
    lengthSeconds: integer('length_seconds').notNull(),
    used: integer('used').notNull(),
    failures: integer('failures').notNull(),
    succeededAt: moment('succeeded_at'),
  },
  (t) => [primaryKey({ name: 'attempt_budgets_pk', columns: [t.projectId, t.budget, t.subject] })],
);
