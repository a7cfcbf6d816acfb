import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { BudgetKey } from '../../ports/attempt-budget.ts';

/** What attempts at the recovery codes of whoever has the address are counted under. */
export function recoveryBudget(projectId: ProjectId, email: EmailAddress): BudgetKey {
  return { projectId, budget: 'recovery', subject: email };
}
