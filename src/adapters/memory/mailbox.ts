import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { Mail, Notifier } from '../../ports/notifier.ts';

interface Waiting {
  readonly to: string;
  readonly hand: (mail: Mail) => void;
}

const MOST_MAILS = 1000;

/** Keeps the latest mails instead of sending them. */
export class MemoryMailbox implements Notifier {
  readonly #mails: Mail[] = [];
  readonly #unread: Mail[] = [];
  #waiting: readonly Waiting[] = [];

  /** Oldest first. */
  get messages(): readonly Mail[] {
    return [...this.#mails];
  }

  async send(mail: Mail): Promise<void> {
    const kept = structuredClone(mail);
    keep(this.#mails, kept);
    const reader = this.#waiting.find(({ to }) => to === mail.to);
    if (reader === undefined) {
      keep(this.#unread, kept);
      return;
    }
    this.#waiting = this.#waiting.filter((other) => other !== reader);
    reader.hand(kept);
  }

  /** The oldest mail to the address that no call of `next` has answered yet, as soon as there is one. */
  next(to: EmailAddress | string): Promise<Mail> {
    const index = this.#unread.findIndex((mail) => mail.to === to);
    const [mail] = index === -1 ? [] : this.#unread.splice(index, 1);
    if (mail !== undefined) return Promise.resolve(mail);
    return new Promise((hand) => {
      this.#waiting = [...this.#waiting, { to, hand }];
    });
  }
}

function keep(mails: Mail[], mail: Mail): void {
  mails.push(mail);
  if (mails.length > MOST_MAILS) mails.shift();
}
