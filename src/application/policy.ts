import type { AttemptLimit } from '../domain/user/attempt-window.ts';
import type { BudgetName } from '../ports/attempt-budget.ts';

const MINUTES = 60;

/** What holds for the whole installation; a project's own settings come on top. Times in seconds. */
export interface Policy {
  readonly attempts: Readonly<Record<BudgetName, AttemptLimit>>;
  /** How long a network that has signed an account in keeps a budget of its own. */
  readonly familiarNetworkSeconds: number;
  /** How old an authentication may be for a sensitive operation (RFC 9470). */
  readonly stepUpMaxAgeSeconds: number;
  /** Where a browser may be sent after a sign-in by a provider: whole URLs, compared as strings. */
  readonly allowedReturnUrls: readonly string[];
  /** How long a session's standing is believed without looking, should no announcement come through. */
  readonly standingMaxAgeSeconds: number;
  /** How long project settings and API keys are believed without looking. */
  readonly settingsMaxAgeSeconds: number;
  /** How long a signing key signs before the next one follows. */
  readonly signingKeySeconds: number;
  /** For how many whole months audit records are kept; `null`: for ever. */
  readonly auditRetentionMonths: number | null;
  /** For how long published events, and what became of their deliveries, can be read again. */
  readonly eventRetentionDays: number;
  /** The most that the `permissions` claim of an access token may take. */
  readonly permissionsClaimMaxBytes: number;
}

/** The budgets of the security policy (NIST SP 800-63B-4 §3.2.2, ASVS 6.3.1). */
export const defaultPolicy: Policy = {
  attempts: {
    'password-prefix': { limit: 10, windowSeconds: 15 * MINUTES, progressive: true },
    'password-account': { limit: 30, windowSeconds: 15 * MINUTES, progressive: true },
    'otp-account': { limit: 10, windowSeconds: 15 * MINUTES, progressive: true },
    'totp-account': { limit: 10, windowSeconds: 15 * MINUTES, progressive: true },
    'totp-ticket': { limit: 5, windowSeconds: 5 * MINUTES, progressive: false },
    'otp-code': { limit: 5, windowSeconds: 15 * MINUTES, progressive: false },
    recovery: {
      limit: 5,
      windowSeconds: 15 * MINUTES,
      progressive: true,
      lockSeconds: 60 * MINUTES,
      closesAfter: 15,
    },
    'mail-address': { limit: 3, windowSeconds: 15 * MINUTES, progressive: false },
    'invitation-mail': { limit: 3, windowSeconds: 24 * 60 * MINUTES, progressive: false },
    'verification-mail': { limit: 3, windowSeconds: 60 * MINUTES, progressive: false },
  },
  familiarNetworkSeconds: 30 * 24 * 60 * MINUTES,
  stepUpMaxAgeSeconds: 5 * MINUTES,
  allowedReturnUrls: [],
  standingMaxAgeSeconds: 30,
  settingsMaxAgeSeconds: 2,
  signingKeySeconds: 90 * 24 * 60 * MINUTES,
  auditRetentionMonths: null,
  eventRetentionDays: 30,
  permissionsClaimMaxBytes: 4096,
};
