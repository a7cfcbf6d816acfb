import type { Clock } from '../../ports/clock.ts';
import type { WebhookAnswer, WebhookAttempt, WebhookSender } from '../../ports/webhook-sender.ts';
import { dnsResolve } from './dns-resolve.ts';
import { type GuardedFetch, type GuardedFetchOptions, guardedFetch } from './guarded-fetch.ts';
import { systemResolve } from './guarded-lookup.ts';
import { webhookAddressFault } from './webhook-address.ts';

type StandardWebhookSenderParts = Pick<GuardedFetchOptions, 'allowPrivate' | 'deadlineMs' | 'resolve'> & {
  readonly clock: Clock;
};

/** What the specification advises: a receiver is to answer at once, and do its work later. */
const DEADLINE_MS = 15_000;

/**
 * Standard Webhooks: signed with every live secret, so that a receiver may change to the new one at leisure. Led to the
 * open network alone, and of an answer the head is all that counts: whatever a receiver says besides is not read.
 */
export class StandardWebhookSender implements WebhookSender {
  readonly #allowPrivate: boolean;
  readonly #fetch: GuardedFetch;
  readonly #clock: Clock;

  constructor({ clock, ...reach }: StandardWebhookSenderParts) {
    this.#allowPrivate = reach.allowPrivate;
    // Names of the own network may be the operating system's alone: in a file, or under a domain that goes without saying.
    const resolve = reach.allowPrivate ? systemResolve : dnsResolve();
    this.#fetch = guardedFetch({ deadlineMs: DEADLINE_MS, resolve, ...reach, answers: 'head' });
    this.#clock = clock;
  }

  faultOf(url: string): string | undefined {
    return webhookAddressFault(url, { allowPrivate: this.#allowPrivate });
  }

  async send({ url, id, timestamp, body, secrets }: WebhookAttempt): Promise<WebhookAnswer> {
    // Not before something is sent: a process that sends nothing does not load it.
    const { Webhook } = await import('standardwebhooks');
    const signatures = secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    };
    const answer = await this.#fetch(url, { method: 'POST', headers, body });
    const retryAfterSeconds = secondsOf(answer.headers.get('retry-after'), this.#clock.now());
    return { status: answer.status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
}

/** RFC 9110 §10.2.3: a number of seconds, or a date. */
function secondsOf(retryAfter: string | null, now: Date): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const until = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - now.getTime()) / 1000));
}
