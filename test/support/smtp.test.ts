import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailServer } from './smtp.ts';

describe('the mail server of the tests', () => {
  let mail: MailServer;
  const send = (to: string, subject = 'Hello') =>
    createTransport({ url: mail.url, socketTimeout: 200 }).sendMail({
      from: 'iam@example.com',
      to,
      subject,
      text: 'plain',
      html: '<p>rich</p>',
    });

  beforeEach(async () => {
    mail = await MailServer.start();
  });
  afterEach(() => mail.stop());

  it('hands a mail to whoever waits for its address', async () => {
    const waiting = mail.waitForMail('ada@example.com');
    await send('bob@example.com');
    await send('ada@example.com');
    expect(await waiting).toMatchObject({ to: ['ada@example.com'], subject: 'Hello', text: 'plain\n' });
    expect(mail.received).toHaveLength(2);
  });

  it('gives every mail out once, oldest first', async () => {
    await send('ada@example.com', 'first');
    await send('ada@example.com', 'second');
    expect((await mail.waitForMail('ada@example.com')).subject).toBe('first');
    expect((await mail.waitForMail('ada@example.com')).subject).toBe('second');
  });

  it('says what it received when the awaited mail does not come', async () => {
    await send('bob@example.com', 'elsewhere');
    await expect(mail.waitForMail('ada@example.com', 20)).rejects.toThrow('bob@example.com: elsewhere');
  });

  it.each(['hang', 'cut', { refuse: 550 }] as const)('takes nothing when told to %o', async (behaviour) => {
    mail.behaviour = behaviour;
    await expect(send('ada@example.com')).rejects.toThrow();
    expect(mail.received).toHaveLength(0);
  });

  it('has the mail of which it breaks off before it says so', async () => {
    mail.behaviour = 'accept-and-cut';
    await expect(send('ada@example.com')).rejects.toThrow();
    expect(mail.received).toHaveLength(1);
  });

  it('knows no mailbox that it was told is not there', async () => {
    mail.unknown.add('ada@example.com');
    await expect(send('ada@example.com')).rejects.toThrow('550');
    await send('bob@example.com');
    expect(mail.received).toHaveLength(1);
  });
});
