import type { ProjectId } from '../domain/project/project.ts';
import type { AttemptLimit } from '../domain/user/attempt-window.ts';

/** Each is counted by itself. */
export type BudgetName =
  | 'password-prefix'
  | 'password-account'
  | 'otp-account'
  | 'totp-account'
  | 'totp-ticket'
  | 'otp-code'
  | 'recovery'
  | 'mail-address'
  | 'invitation-mail'
  | 'verification-mail';

export interface BudgetKey {
  readonly projectId: ProjectId;
  readonly budget: BudgetName;
  /** Whose attempts: a canonical address, an id, or these with a network prefix. Unknown ones count like known ones. */
  readonly subject: string;
}

export interface Reservation {
  readonly granted: boolean;
  /** Seconds until the window ends, when not granted. */
  readonly retryAfterSeconds: number;
  /** Whether the window has no attempt left after this one. */
  readonly usedUp: boolean;
  /** Consecutive failures, this attempt included. */
  readonly failures: number;
  /** The latest success of this key. */
  readonly succeededAt: Date | undefined;
}

/**
 * Guess budgets by the rule of `reserveAttempt`. They MUST survive the loss of every cache and be shared by all
 * replicas.
 */
export interface AttemptBudget {
  /** Reserves one attempt before it is evaluated: atomic, so N at once never get more than the limit. */
  reserve(key: BudgetKey, rule: AttemptLimit, now: Date): Promise<Reservation>;
  /** What stands, without reserving. */
  look(key: BudgetKey, now: Date): Promise<Pick<Reservation, 'failures' | 'succeededAt'>>;
}

/** What success gives back. Part of a unit of work: an attempt counts as right if and only if what it was for is done. */
export interface AttemptLedger {
  /** The window is given back, failures and progression start anew, the success is remembered. */
  succeed(keys: readonly BudgetKey[], now: Date): void;
  /** One attempt of each never was: it was right, though what it was for is not done yet. No success is remembered. */
  giveBack(keys: readonly BudgetKey[]): void;
  /** Failures and progression start anew; the present window stays. */
  forgive(key: BudgetKey): void;
}
