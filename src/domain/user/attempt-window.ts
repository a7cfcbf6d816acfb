/** How many attempts in how long, and whether used-up windows grow. */
export interface AttemptLimit {
  readonly limit: number;
  readonly windowSeconds: number;
  /** Whether a window that was used up doubles the next, up to a day, until a success. */
  readonly progressive: boolean;
  /** Whoever uses a window up waits at least this long from then on. */
  readonly lockSeconds?: number;
  /** After so many consecutive failures nothing is evaluated until a success. */
  readonly closesAfter?: number;
}

/** The attempts at one secret of one subject. */
export interface AttemptWindow {
  readonly endsAt: Date;
  /** What the next window grows from; 0 when it is to start anew. */
  readonly lengthSeconds: number;
  /** Attempts reserved in this window and not given back. */
  readonly used: number;
  /** Consecutive failures: attempts reserved since the last success. */
  readonly failures: number;
}

/** A window that was used up makes the next one longer, and at most so long. */
export const LONGEST_WINDOW_SECONDS = 24 * 60 * 60;

/** How long after its end a window is remembered, and after a success the success. */
export const ATTEMPTS_REMEMBERED_SECONDS = 30 * 24 * 60 * 60;

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
  const failures = window?.failures ?? 0;
  if (rule.closesAfter !== undefined && failures >= rule.closesAfter) return undefined;
  if (window !== undefined && window.endsAt > now) {
    if (window.used >= rule.limit) return undefined;
    return lockedIfUsedUp({ ...window, used: window.used + 1, failures: failures + 1 }, rule, now);
  }
  const lengthSeconds = nextLength(window, rule);
  const opened = { endsAt: later(now, lengthSeconds), lengthSeconds, used: 1, failures: failures + 1 };
  return lockedIfUsedUp(opened, rule, now);
}

/** One attempt never was. */
export function giveBackAttempt(window: AttemptWindow): AttemptWindow {
  return { ...window, used: Math.max(0, window.used - 1), failures: Math.max(0, window.failures - 1) };
}

/** Failures and progression start anew; the present window stays as it is. */
export function forgiveAttempts(window: AttemptWindow): AttemptWindow {
  return { ...window, lengthSeconds: 0, failures: 0 };
}

/** Whether nothing hangs on the attempts any more: neither a count, nor a progression, nor a known success. */
export function isForgottenAttempt(
  window: AttemptWindow | undefined,
  succeededAt: Date | undefined,
  now: Date,
): boolean {
  const latest = Math.max(window?.endsAt.getTime() ?? 0, succeededAt?.getTime() ?? 0);
  return latest + ATTEMPTS_REMEMBERED_SECONDS * 1000 <= now.getTime();
}

function lockedIfUsedUp(window: AttemptWindow, rule: AttemptLimit, now: Date): AttemptWindow {
  if (window.used < rule.limit) return window;
  const unlockedAt = later(now, rule.lockSeconds ?? 0);
  return { ...window, endsAt: unlockedAt > window.endsAt ? unlockedAt : window.endsAt };
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}

function nextLength(window: AttemptWindow | undefined, rule: AttemptLimit): number {
  if (window === undefined || !rule.progressive) return rule.windowSeconds;
  const usedUp = window.used >= rule.limit;
  const length = usedUp ? Math.min(window.lengthSeconds * 2, LONGEST_WINDOW_SECONDS) : window.lengthSeconds;
  return Math.max(length, rule.windowSeconds);
}
