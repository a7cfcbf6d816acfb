import type { Config } from '../../config/config.ts';
import { type Finding, fail, ok } from './finding.ts';

const DEADLINE_MS = 5_000;

export async function mailFinding({ mail, publicUrl }: Pick<Config, 'mail' | 'publicUrl'>): Promise<Finding> {
  if (mail.kind === 'mailbox') return ok('mail', `Mails are kept for the page ${publicUrl}/dev/mailbox alone.`);
  const { SmtpNotifier } = await import('../../notify/smtp-notifier.ts');
  const notifier = new SmtpNotifier({ url: mail.url, from: mail.from, publicUrl, deadlineMs: DEADLINE_MS });
  const { host } = new URL(mail.url);
  try {
    await notifier.check();
    return ok('mail', `The mail server at ${host} lets the service in.`);
  } catch (error) {
    return fail(
      'mail',
      `At ${host}, ${error instanceof Error ? error.message : error}`,
      'SMTP_URL names its host, port, user and password; smtps:// speaks TLS at once, smtp:// as soon as it is offered.',
    );
  } finally {
    notifier.close();
  }
}
