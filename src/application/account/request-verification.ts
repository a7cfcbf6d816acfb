import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { assertGranted } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';

type RequestVerificationDeps = Pick<Ports, 'unitOfWork' | 'userDirectory' | 'attemptBudget' | 'clock'> & {
  readonly policy: Policy;
};

/** Another mail to prove the actor's address; nothing when it is proven already. */
export class RequestVerification {
  readonly #deps: RequestVerificationDeps;
  constructor(deps: RequestVerificationDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `rate-limited` */
  async execute(actor: UserActor): Promise<void> {
    const { unitOfWork, userDirectory, attemptBudget, policy, clock } = this.#deps;
    const { projectId, userId, dialect } = actor;
    const user = await userDirectory.byId(projectId, userId);
    if (user === undefined) throw new IamError('token-invalid');
    const email = user.email;
    if (email === null || user.emailVerifiedAt !== null) return;
    const now = clock.now();
    const key = { projectId, budget: 'verification-mail', subject: userId } as const;
    assertGranted(await attemptBudget.reserve(key, policy.attempts['verification-mail'], now));
    await unitOfWork.run(async ({ audit, events }) => {
      const what = { action: 'auth.email-verification.requested', entityType: 'user', entityId: userId } as const;
      audit.record(audited(actor, what, now));
      const occurredAt = now.toISOString();
      events.record({ type: 'email-verification-requested', projectId, email, dialect, occurredAt });
    });
  }
}
