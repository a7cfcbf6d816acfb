import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { FAILURES_TO_CLOSE } from '../../domain/user/attempt-window.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { AttemptBudget, AttemptLedger, BudgetKey, Reservation } from '../../ports/attempt-budget.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Origin } from '../actor.ts';
import type { Policy } from '../policy.ts';

/** An attempt at a password that may be evaluated now. */
export interface PasswordAttempt {
  /** How many consecutive failures there are, unless it succeeds. */
  readonly failures: number;
  /** Whether it comes from a network that has signed the account in lately. */
  readonly familiar: boolean;
  succeeded(attempts: AttemptLedger): void;
  /** The password was right, and more is asked for: nothing is counted, and no network has become familiar yet. */
  givenBack(attempts: AttemptLedger): void;
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
    const account = accountKey(projectId, email);
    const prefix = prefixKey(projectId, email, origin);

    const byPrefix = await this.#budget.reserve(prefix, attempts['password-prefix'], now);
    assertGranted(byPrefix);
    if (this.#isFamiliar(origin, byPrefix.succeededAt, now)) {
      return {
        failures: byPrefix.failures,
        familiar: true,
        succeeded: (ledger) => this.signedIn(ledger, projectId, email, origin),
        givenBack: (ledger) => ledger.giveBack([prefix]),
      };
    }
    const byAccount = await this.#budget.reserve(account, attempts['password-account'], now);
    assertGranted(byAccount);
    if (isClosed(byAccount)) {
      throw new IamError('rate-limited', { retryAfterSeconds: attempts['password-account'].windowSeconds });
    }
    return {
      failures: byAccount.failures,
      familiar: false,
      succeeded: (ledger) => ledger.succeed([prefix, account], this.#clock.now()),
      givenBack: (ledger) => ledger.giveBack([prefix, account]),
    };
  }

  /** The person has proven the mailbox: whoever guessed before no longer stands in their way. */
  startAnew(ledger: AttemptLedger, projectId: ProjectId, email: EmailAddress, origin: Origin): void {
    ledger.succeed([prefixKey(projectId, email, origin), accountKey(projectId, email)], this.#clock.now());
  }

  /** The network is familiar, and what strangers have used up stays used up. */
  signedIn(ledger: AttemptLedger, projectId: ProjectId, email: EmailAddress, origin: Origin): void {
    ledger.succeed([prefixKey(projectId, email, origin)], this.#clock.now());
    ledger.forgive(accountKey(projectId, email));
  }

  /** Whether the account has signed in from there lately. */
  async isFamiliar(projectId: ProjectId, email: EmailAddress, origin: Origin): Promise<boolean> {
    const now = this.#clock.now();
    const { succeededAt } = await this.#budget.look(prefixKey(projectId, email, origin), now);
    return this.#isFamiliar(origin, succeededAt, now);
  }

  #isFamiliar({ network }: Origin, succeededAt: Date | undefined, now: Date): boolean {
    if (network === null || succeededAt === undefined) return false;
    return now.getTime() - succeededAt.getTime() < this.#policy.familiarNetworkSeconds * 1000;
  }
}

function accountKey(projectId: ProjectId, email: EmailAddress): BudgetKey {
  return { projectId, budget: 'password-account', subject: email };
}

function prefixKey(projectId: ProjectId, email: EmailAddress, { network }: Origin): BudgetKey {
  return { projectId, budget: 'password-prefix', subject: `${email} ${network ?? '-'}` };
}

/** @throws IamError `rate-limited` */
export function assertGranted(reservation: Reservation): void {
  if (!reservation.granted) {
    throw new IamError('rate-limited', { retryAfterSeconds: reservation.retryAfterSeconds });
  }
}

/** After too many failures in a row, strangers are not evaluated at all. */
export function isClosed({ failures }: Reservation): boolean {
  return failures > FAILURES_TO_CLOSE;
}
