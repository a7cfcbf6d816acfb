import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmtpNotifier } from '../../src/adapters/notify/smtp-notifier.ts';
import type { Mail, MailMessage } from '../../src/ports/notifier.ts';
import { anEmail } from '../support/builders.ts';
import { MailServer } from '../support/smtp.ts';

let server: MailServer;
const notifiers: SmtpNotifier[] = [];

beforeEach(async () => {
  server = await MailServer.start();
});
afterEach(async () => {
  for (const notifier of notifiers.splice(0)) notifier.close();
  await server.stop();
});

function aNotifier(url: string = server.url, deadlineMs = 5_000): SmtpNotifier {
  const notifier = new SmtpNotifier({
    url,
    from: 'Castellan <no-reply@example.test>',
    publicUrl: 'https://id.example.test',
    deadlineMs,
  });
  notifiers.push(notifier);
  return notifier;
}

function aMail(given: Partial<Mail> = {}): Mail {
  const message: MailMessage = { kind: 'verify-email-otp', otp: '012345', minutes: 10 };
  return { to: anEmail(), issuerName: 'Acme', projectId: undefined, message, ...given };
}

describe('SmtpNotifier', () => {
  it('delivers text and HTML to the one address, from the configured one', async () => {
    const mail = aMail();
    await aNotifier().send(mail);
    const received = await server.waitForMail(mail.to);
    expect(received).toMatchObject({
      from: 'no-reply@example.test',
      to: [mail.to],
      subject: 'Your Acme verification code',
    });
    expect(received.text.split('\n').map((line) => line.trim())).toContain('012345');
    expect(received.html).toContain('>012345<');
    expect(received.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
    );
  });

  it('keeps a link whole on its way through the mail', async () => {
    const token = 'A1-_'.repeat(11);
    const mail = aMail({ message: { kind: 'reset-password-link', token } });
    await aNotifier().send(mail);
    const { text, html } = await server.waitForMail(mail.to);
    const link = `https://id.example.test/reset-password#token=${token}`;
    expect(text).toContain(link);
    expect(html).toContain(`href="${link}"`);
  });

  it('lets no issuer name add a header or a recipient', async () => {
    const mail = aMail({ issuerName: 'Acme\r\nBcc: victim@example.test\r\n\r\nHello' });
    await aNotifier().send(mail);
    const { to, headers } = await server.waitForMail(mail.to);
    expect(to).toEqual([mail.to]);
    expect(headers.map(({ key }) => key)).not.toContain('bcc');
  });

  it('sends many at once over a few connections', async () => {
    const notifier = aNotifier();
    const mails = Array.from({ length: 40 }, () => aMail());
    await Promise.all(mails.map((mail) => notifier.send(mail)));
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual(mails.map(({ to }) => to).sort());
  });

  it.each([450, 550])('rejects what the server refuses with %i, and says no more than the codes', async (refuse) => {
    server.behaviour = { refuse };
    const refusal: Error = await aNotifier()
      .send(aMail())
      .then(
        () => expect.fail('was taken'),
        (error) => error,
      );
    expect(refusal.message).toContain(`${refuse}`);
    expect(refusal.message).not.toContain('refused by the test');
    expect(refusal.cause).toBeUndefined();
  });

  it('rejects when the line is cut', async () => {
    server.behaviour = 'cut';
    await expect(aNotifier().send(aMail())).rejects.toThrow('no mail server took the mail');
  });

  it('rejects at its deadline when the server never answers, and delivers once it does again', async () => {
    server.behaviour = 'hang';
    const notifier = aNotifier(server.url, 300);
    await expect(notifier.send(aMail())).rejects.toThrow('no mail server took the mail');
    server.behaviour = 'accept';
    const mail = aMail();
    await notifier.send(mail);
    await expect(server.waitForMail(mail.to)).resolves.toBeDefined();
  });

  it('rejects at its deadline for everybody when more wait than there are connections', async () => {
    server.behaviour = 'hang';
    const notifier = aNotifier(server.url, 300);
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => notifier.send(aMail())));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(16).fill('rejected'));
  });

  it('sends nothing any more of which it has said that it was not taken', async () => {
    server.behaviour = 'hang';
    const notifier = aNotifier(server.url, 300);
    await Promise.allSettled(Array.from({ length: 16 }, () => notifier.send(aMail())));
    server.behaviour = 'accept';
    const mails = [aMail(), aMail(), aMail()];
    for (const mail of mails) await notifier.send(mail);
    expect(server.received.flatMap(({ to }) => to)).toEqual(mails.map(({ to }) => to));
  });

  it('hands a mail over once, when the line is cut before the server says that it has it', async () => {
    server.behaviour = 'accept-and-cut';
    await expect(aNotifier().send(aMail())).rejects.toThrow('no mail server took the mail');
    expect(server.received).toHaveLength(1);
  });

  it('rejects at its deadline when the server does not even greet', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port } = silent.address() as AddressInfo;
      await expect(aNotifier(`smtp://127.0.0.1:${port}`, 200).send(aMail())).rejects.toThrow('no mail server');
    } finally {
      for (const notifier of notifiers.splice(0)) notifier.close();
      silent.close();
    }
  });

  it('rejects when nobody is there', async () => {
    const { url } = server;
    await server.stop();
    await expect(aNotifier(url).send(aMail())).rejects.toThrow('no mail server took the mail: ESOCKET');
    server = await MailServer.start();
  });

  it('does not send in the clear where the URL asks for TLS', async () => {
    const mail = aMail();
    await expect(aNotifier(`${server.url}?requireTLS=true`).send(mail)).rejects.toThrow('no mail server took the mail');
    await expect(aNotifier(server.url.replace('smtp:', 'smtps:'), 500).send(mail)).rejects.toThrow();
    expect(server.received).toEqual([]);
  });

  it('speaks TLS from the first byte to an `smtps:` server, and believes no certificate that nobody vouches for', async () => {
    // smtp-server brings a certificate of its own for tests.
    const secure = new SMTPServer({
      secure: true,
      authOptional: true,
      onData: (stream, _session, done) => stream.on('end', done).resume(),
    });
    secure.on('error', () => {});
    await once(secure.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `smtps://127.0.0.1:${(secure.server.address() as AddressInfo).port}`;
      await expect(aNotifier(url).send(aMail())).rejects.toThrow('no mail server took the mail');
      await expect(aNotifier(`${url}?tls.rejectUnauthorized=false`).send(aMail())).resolves.toBeUndefined();
    } finally {
      for (const notifier of notifiers.splice(0)) notifier.close();
      secure.close();
    }
  });
});
