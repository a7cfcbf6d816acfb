import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { AttemptBudget } from '../../ports/attempt-budget.ts';
import type { Clock } from '../../ports/clock.ts';
import { assertGranted } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';

/** How many invitations one address gets a day, whoever sends them. */
export class InvitationBudget {
  readonly #deps: { readonly attemptBudget: AttemptBudget; readonly policy: Policy; readonly clock: Clock };
  constructor(deps: { readonly attemptBudget: AttemptBudget; readonly policy: Policy; readonly clock: Clock }) {
    this.#deps = deps;
  }

  /** Counts one more. @throws IamError `rate-limited` */
  async assert(projectId: ProjectId, email: EmailAddress): Promise<void> {
    const { attemptBudget, policy, clock } = this.#deps;
    const key = { projectId, budget: 'invitation-mail', subject: email } as const;
    assertGranted(await attemptBudget.reserve(key, policy.attempts['invitation-mail'], clock.now()));
  }
}
