import type { EventId } from './public-event.ts';

/** `failed`: for good, unless somebody asks for it again. */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** What became of telling one event to one endpoint. */
export interface WebhookDelivery {
  readonly eventId: EventId;
  readonly type: string;
  readonly status: DeliveryStatus;
  /** How often it was tried since it fell due, or was asked for again. */
  readonly attempts: number;
  readonly lastAttemptAt: Date | null;
  /** `null` once it is settled. */
  readonly nextAttemptAt: Date | null;
  /** What the receiver answered (RFC 9110 §15); `null` when there was no answer, or nobody was asked. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

/** What one attempt has come to. */
export type DeliveryOutcome = Pick<WebhookDelivery, 'lastStatus' | 'lastError'> &
  (
    | { readonly status: 'delivered' | 'failed'; readonly nextAttemptAt: null }
    | { readonly status: 'pending'; readonly nextAttemptAt: Date }
  );

/** The `lastError` of what fell due where nothing may go, and has failed without an attempt. */
export const GIVEN_UP = 'switched off, or its tenant blocked';

/** What a receiver said, if anything. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number | undefined;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds until the next attempt, after the first, the second …: three days and some hours in all. */
const BACK_OFF = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;
const LONGEST_RETRY_AFTER = 24 * HOUR;
/** So that those who failed together do not come back together. */
const JITTER = 0.1;

const GONE = 410;
const ASK_TO_WAIT: readonly number[] = [429, 503];

/** Whether the receiver wants nothing any more (RFC 9110 §15.5.11). */
export function saysGone(answer: ReceiverAnswer | undefined): boolean {
  return answer?.status === GONE;
}

/**
 * What follows from the answer to attempt number `attempt`: a 2xx is delivered, anything else is tried again later, up
 * to ten times. A receiver that asks to wait (`Retry-After` of 429 and 503) is waited for, up to a day; one that is
 * gone is not tried again. `chance`: from 0 to 1, another one each time.
 */
export function outcomeOf(
  answer: ReceiverAnswer | undefined,
  { attempt, chance, now }: { readonly attempt: number; readonly chance: number; readonly now: Date },
): DeliveryOutcome {
  const said = { lastStatus: answer?.status ?? null, lastError: errorOf(answer) };
  const done = said.lastError === null;
  const backOff = saysGone(answer) ? undefined : BACK_OFF[attempt - 1];
  if (done || backOff === undefined) return { ...said, status: done ? 'delivered' : 'failed', nextAttemptAt: null };
  const asked = answer !== undefined && ASK_TO_WAIT.includes(answer.status) ? (answer.retryAfterSeconds ?? 0) : 0;
  const wait = Math.max(Math.min(asked, LONGEST_RETRY_AFTER), backOff) * (1 + JITTER * chance);
  return { ...said, status: 'pending', nextAttemptAt: new Date(now.getTime() + Math.ceil(wait * 1000)) };
}

function errorOf(answer: ReceiverAnswer | undefined): string | null {
  if (answer === undefined) return 'no answer';
  return answer.status >= 200 && answer.status < 300 ? null : `answered ${answer.status}`;
}
