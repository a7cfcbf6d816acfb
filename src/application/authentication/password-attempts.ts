import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { FAILURES_TO_CLOSE, FAILURES_TO_REPORT } from '../../domain/user/attempt-window.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { AttemptBudget, BudgetKey, Reservation } from '../../ports/attempt-budget.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Origin } from '../actor.ts';
import type { Policy } from '../policy.ts';

/** An attempt at a password that may be evaluated now. */
export interface PasswordAttempt {
  /** The failure that this becomes, unless it succeeds, is one that the person must be told of. */
  readonly failuresToReport: number | undefined;
  succeeded(): Promise<void>;
}

/**
 * The password budgets. Each network has its own for an account; networks that never signed the account in share one
 * more, so strangers cannot lock the owner out, and cannot guess without end either.
 */
export class PasswordAttempts {
  readonly #budget: AttemptBudget;
  readonly #policy: Policy;
  readonly #clock: Clock;

  constructor(deps: { readonly attemptBudget: AttemptBudget; readonly policy: Policy; readonly clock: Clock }) {
    this.#budget = deps.attemptBudget;
    this.#policy = deps.policy;
    this.#clock = deps.clock;
  }

  /** Reserved before anything is evaluated, for unknown addresses as for known ones. @throws IamError `rate-limited` */
  async reserve(projectId: ProjectId, email: EmailAddress, origin: Origin): Promise<PasswordAttempt> {
    const now = this.#clock.now();
    const { attempts } = this.#policy;
    const account: BudgetKey = { projectId, budget: 'password-account', subject: email };
    const prefix: BudgetKey = { projectId, budget: 'password-prefix', subject: `${email} ${origin.network ?? '-'}` };

    const byPrefix = await this.#budget.reserve(prefix, attempts['password-prefix'], now);
    assertGranted(byPrefix);
    if (this.#isFamiliar(origin, byPrefix, now)) {
      return {
        failuresToReport: reportable(byPrefix.failures),
        succeeded: async () => {
          await this.#budget.succeed([prefix], this.#clock.now());
          await this.#budget.forgive(account, this.#clock.now());
        },
      };
    }
    const byAccount = await this.#budget.reserve(account, attempts['password-account'], now);
    assertGranted(byAccount);
    if (byAccount.failures > FAILURES_TO_CLOSE) {
      throw new IamError('rate-limited', { retryAfterSeconds: attempts['password-account'].windowSeconds });
    }
    return {
      failuresToReport: reportable(byAccount.failures),
      succeeded: () => this.#budget.succeed([prefix, account], this.#clock.now()),
    };
  }

  /** The person has proven the mailbox: consecutive failures are counted anew. */
  async forgive(projectId: ProjectId, email: EmailAddress): Promise<void> {
    await this.#budget.forgive({ projectId, budget: 'password-account', subject: email }, this.#clock.now());
  }

  #isFamiliar(origin: Origin, reservation: Reservation, now: Date): boolean {
    if (origin.network === null || reservation.succeededAt === undefined) return false;
    return now.getTime() - reservation.succeededAt.getTime() < this.#policy.familiarNetworkSeconds * 1000;
  }
}

function reportable(failures: number): number | undefined {
  return failures === FAILURES_TO_REPORT ? failures : undefined;
}

/** @throws IamError `rate-limited` */
export function assertGranted(reservation: Reservation): void {
  if (!reservation.granted) {
    throw new IamError('rate-limited', { retryAfterSeconds: reservation.retryAfterSeconds });
  }
}
