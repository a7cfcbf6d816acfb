/** How many attempts in how long, and whether used-up windows grow. */
export interface AttemptLimit {
  readonly limit: number;
  readonly windowSeconds: number;
  /** Whether a window that was used up doubles the next, up to a day, until a success. */
  readonly progressive: boolean;
}

/** The attempts at one secret of one subject. */
export interface AttemptWindow {
  readonly endsAt: Date;
  readonly lengthSeconds: number;
  /** Attempts reserved in this window and not given back. */
  readonly used: number;
  /** Consecutive failures: attempts reserved since the last success. */
  readonly failures: number;
}

const LONGEST_WINDOW_SECONDS = 24 * 60 * 60;

/** From here on the person is told (NIST SP 800-63B-4 §3.2.2). */
export const FAILURES_TO_REPORT = 30;
/** From here on only known prefixes and mail links are evaluated. */
export const FAILURES_TO_CLOSE = 100;

/** The window after one more attempt, or `undefined` when it is used up: nothing is evaluated then. */
export function reserveAttempt(
  window: AttemptWindow | undefined,
  rule: AttemptLimit,
  now: Date,
): AttemptWindow | undefined {
  if (window !== undefined && window.endsAt > now) {
    if (window.used >= rule.limit) return undefined;
    return { ...window, used: window.used + 1, failures: window.failures + 1 };
  }
  const lengthSeconds = nextLength(window, rule);
  const endsAt = new Date(now.getTime() + lengthSeconds * 1000);
  return { endsAt, lengthSeconds, used: 1, failures: (window?.failures ?? 0) + 1 };
}

function nextLength(window: AttemptWindow | undefined, rule: AttemptLimit): number {
  if (window === undefined || !rule.progressive) return rule.windowSeconds;
  const usedUp = window.used >= rule.limit;
  return usedUp ? Math.min(window.lengthSeconds * 2, LONGEST_WINDOW_SECONDS) : window.lengthSeconds;
}
