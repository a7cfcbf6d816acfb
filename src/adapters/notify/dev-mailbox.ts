import type { Clock } from '../../ports/clock.ts';
import type { Mail, Notifier } from '../../ports/notifier.ts';
import { type RenderedMail, renderMail } from './render-mail.ts';

export interface MailboxMessage extends RenderedMail {
  readonly to: string;
  /** ISO 8601, UTC. */
  readonly sentAt: string;
}

const CAPACITY = 200;

/** For development: keeps the latest mails in memory instead of sending them, as they would have been sent. */
export class DevMailbox implements Notifier {
  readonly #publicUrl: string;
  readonly #clock: Clock;
  #messages: readonly MailboxMessage[] = [];

  constructor({ publicUrl, clock }: { readonly publicUrl: string; readonly clock: Clock }) {
    this.#publicUrl = publicUrl;
    this.#clock = clock;
  }

  async send(mail: Mail): Promise<void> {
    const rendered = await renderMail(mail, this.#publicUrl);
    const message = { to: mail.to, ...rendered, sentAt: this.#clock.now().toISOString() };
    this.#messages = [message, ...this.#messages].slice(0, CAPACITY);
  }

  /** Newest first, at most 200. */
  messages(): readonly MailboxMessage[] {
    return this.#messages;
  }
}
