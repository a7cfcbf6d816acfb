import { FAILURES_TO_REPORT } from '../../domain/user/attempt-window.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/** Leaves the trace of a wrong secret; a run of failures that has become long enough is told to the person. */
export function recordFailedAttempt(
  { unitOfWork, clock }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock },
  by: Visitor | UserActor,
  failure: {
    readonly action: 'auth.login.failed' | 'auth.code.failed' | 'auth.mfa.failed';
    /** `null` for somebody without an address: there is nobody to tell. */
    readonly email: EmailAddress | null;
    /** Whoever holds the address, if anybody does. */
    readonly userId: UserId | null;
    /** Consecutive ones, this one included. */
    readonly failures: number;
  },
): Promise<void> {
  const { action, email, userId, failures } = failure;
  return unitOfWork.run(async ({ audit, events }) => {
    const now = clock.now();
    const what = {
      action,
      entityType: 'user',
      entityId: userId,
      userId,
      metadata: email === null ? {} : { email },
    } as const;
    audit.record(audited(by, what, now));
    if (email !== null && failures === FAILURES_TO_REPORT) {
      const { projectId } = by;
      events.record({
        type: 'sign-in-attempts-mounting',
        projectId,
        email,
        failures,
        occurredAt: now.toISOString(),
      });
    }
  });
}
