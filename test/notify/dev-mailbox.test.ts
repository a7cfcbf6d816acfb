import { describe, expect, it } from 'vitest';
import { DevMailbox } from '../../src/adapters/notify/dev-mailbox.ts';
import type { Mail } from '../../src/ports/notifier.ts';
import { anEmail } from '../support/builders.ts';
import { SettableClock } from '../support/clock.ts';

const aMail = (otp: string): Mail => ({
  to: anEmail(),
  issuerName: 'Acme',
  projectId: undefined,
  message: { kind: 'verify-email-otp', otp, minutes: 10 },
});

describe('DevMailbox', () => {
  it('shows a mail as it would have been sent', async () => {
    const clock = new SettableClock();
    const mailbox = new DevMailbox({ publicUrl: 'http://127.0.0.1:3000', clock });
    const mail: Mail = { ...aMail('1'), message: { kind: 'reset-password-link', token: 'tok' } };
    await mailbox.send(mail);
    const [message] = mailbox.messages();
    expect(message).toMatchObject({
      to: mail.to,
      subject: 'Reset your Acme password',
      links: ['http://127.0.0.1:3000/reset-password#token=tok'],
      sentAt: clock.now().toISOString(),
    });
    expect(message?.text).toContain('http://127.0.0.1:3000/reset-password#token=tok');
    expect(message?.html).toContain('<!doctype html>');
  });

  it('keeps the latest 200, newest first', async () => {
    const mailbox = new DevMailbox({ publicUrl: 'http://127.0.0.1:3000', clock: new SettableClock() });
    for (let index = 0; index < 205; index += 1) await mailbox.send(aMail(`${100_000 + index}`));
    const messages = mailbox.messages();
    expect(messages).toHaveLength(200);
    expect(messages[0]?.text).toContain('100204');
    expect(messages.at(-1)?.text).toContain('100005');
  });
});
