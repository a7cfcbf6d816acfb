import { ContainerModule } from 'inversify';
import type { Notifier } from '../../ports/notifier.ts';
import { DevMailbox } from '../notify/dev-mailbox.ts';
import { SmtpNotifier } from '../notify/smtp-notifier.ts';
import { TOKENS } from './tokens.ts';

/** The development mailbox, where there is no mail server; then it is the notifier too. */
export interface Mailbox {
  readonly page: DevMailbox | undefined;
  readonly notifier: Notifier;
  close(): void;
}

export const mailModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.mailbox).toResolvedValue(
    ({ mail, publicUrl }, clock): Mailbox => {
      if (mail.kind === 'mailbox') {
        const page = new DevMailbox({ publicUrl, clock });
        return { page, notifier: page, close: () => undefined };
      }
      const smtp = new SmtpNotifier({ url: mail.url, from: mail.from, publicUrl });
      return { page: undefined, notifier: smtp, close: () => smtp.close() };
    },
    [TOKENS.config, TOKENS.clock],
  );
  bind(TOKENS.notifier).toResolvedValue(({ notifier }) => notifier, [TOKENS.mailbox]);
});
