import type { Clock } from '../../ports/clock.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { Config } from '../config/config.ts';
import type { DevMailbox } from '../notify/dev-mailbox.ts';

/** Where mails go: to a mail server, or to the development mailbox, which can be read. */
export interface OutgoingMail {
  readonly notifier: Notifier;
  readonly mailbox: DevMailbox | undefined;
  close(): void;
}

/** Loads only what is used: the mail client is a good part of a start. */
export async function openMail({ mail, publicUrl }: Config, clock: Clock): Promise<OutgoingMail> {
  if (mail.kind === 'mailbox') {
    const { DevMailbox } = await import('../notify/dev-mailbox.ts');
    const mailbox = new DevMailbox({ publicUrl, clock });
    return { notifier: mailbox, mailbox, close: () => undefined };
  }
  const { SmtpNotifier } = await import('../notify/smtp-notifier.ts');
  const notifier = new SmtpNotifier({ url: mail.url, from: mail.from, publicUrl });
  return { notifier, mailbox: undefined, close: () => notifier.close() };
}
