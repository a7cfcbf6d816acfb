import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { AttemptBudget, Reservation } from '../../ports/attempt-budget.ts';
import type { Clock } from '../../ports/clock.ts';
import { assertGranted } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';

/** How many mails with a code or link one address gets, whether or not anybody has it. */
export class MailBudget {
  readonly #budget: AttemptBudget;
  readonly #policy: Policy;
  readonly #clock: Clock;

  constructor(deps: { readonly attemptBudget: AttemptBudget; readonly policy: Policy; readonly clock: Clock }) {
    this.#budget = deps.attemptBudget;
    this.#policy = deps.policy;
    this.#clock = deps.clock;
  }

  /** Counts one more; whether it may go out. */
  async take(projectId: ProjectId, email: EmailAddress): Promise<boolean> {
    return (await this.#reserve(projectId, email)).granted;
  }

  /** @throws IamError `rate-limited` */
  async assert(projectId: ProjectId, email: EmailAddress): Promise<void> {
    assertGranted(await this.#reserve(projectId, email));
  }

  #reserve(projectId: ProjectId, email: EmailAddress): Promise<Reservation> {
    const key = { projectId, budget: 'mail-address', subject: email } as const;
    return this.#budget.reserve(key, this.#policy.attempts['mail-address'], this.#clock.now());
  }
}
