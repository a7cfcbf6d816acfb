import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator, Operator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { recoveryBudget } from '../recovery/recovery-budget.ts';

/** Ends a lock that wrong recovery codes have caused, of the account or of recovery alone. The caller saves the user. */
export function unlockAccount(
  { attempts, audit }: Pick<Repositories, 'attempts' | 'audit'>,
  by: Administrator | Operator,
  user: User,
  now: Date,
): void {
  const { email, status: before, projectId } = user.toState();
  user.unlock(now);
  if (email !== null) attempts.succeed([recoveryBudget(projectId, email)], now);
  const states = { before: { status: before }, after: { status: user.toState().status } };
  const what = { action: 'user.unlocked', entityType: 'user', entityId: user.id, userId: user.id, ...states } as const;
  audit.record(audited(by, { ...what, projectId }, now));
}
