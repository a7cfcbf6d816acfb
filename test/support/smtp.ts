import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  /** The addresses of the envelope: where it was really sent. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/**
 * What the server does with the next mails: accept them, refuse them with a code, never answer, cut the line before it
 * has them, or when it has them and has not said so.
 */
export type MailBehaviour = 'accept' | 'hang' | 'cut' | 'accept-and-cut' | { readonly refuse: number };

interface Waiting {
  readonly to: string;
  resolve(mail: ReceivedMail): void;
}

const WAIT_MS = 5_000;

/** A real SMTP server in this process, on a free loopback port. */
export class MailServer implements AsyncDisposable {
  readonly received: ReceivedMail[] = [];
  behaviour: MailBehaviour = 'accept';
  /** Mailboxes that are not there. */
  readonly unknown = new Set<string>();
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();
  readonly #unclaimed: ReceivedMail[] = [];
  readonly #waiting = new Set<Waiting>();

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
      onRcptTo: ({ address }, _session, done) =>
        done(this.unknown.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null),
      onData: (stream, session, done) => {
        this.#take(stream, session).then(
          (accepted) => accepted && done(),
          (error) => done(error),
        );
      },
    });
    this.#server.on('error', () => {});
    this.#server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer();
    await once(mail.#server.listen(0, '127.0.0.1'), 'listening');
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** The oldest mail to this address that nobody has waited for yet, now or as soon as it arrives. */
  waitForMail(to: string, timeoutMs: number = WAIT_MS): Promise<ReceivedMail> {
    const index = this.#unclaimed.findIndex((mail) => mail.to.includes(to));
    const [here] = index < 0 ? [] : this.#unclaimed.splice(index, 1);
    if (here) return Promise.resolve(here);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        to,
        resolve: (mail) => {
          clearTimeout(timer);
          resolve(mail);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        const others = this.received.map((mail) => `${mail.to.join(', ')}: ${mail.subject}`).join('\n  ');
        reject(new Error(`No mail to ${to} within ${timeoutMs} ms; received:\n  ${others || 'nothing'}`));
      }, timeoutMs);
      this.#waiting.add(waiting);
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Whether to answer at all. */
  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<boolean> {
    const { behaviour } = this;
    if (behaviour === 'cut') {
      this.#cut(session);
      return false;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    if (behaviour === 'hang') return false;
    if (typeof behaviour === 'object') {
      throw Object.assign(new Error('refused by the test'), { responseCode: behaviour.refuse });
    }
    this.#deliver(await parse(Buffer.concat(chunks), session));
    if (behaviour === 'accept') return true;
    this.#cut(session);
    return false;
  }

  #cut(session: SMTPServerSession): void {
    for (const socket of this.#sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  }

  #deliver(mail: ReceivedMail): void {
    this.received.push(mail);
    for (const waiting of this.#waiting) {
      if (!mail.to.includes(waiting.to)) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(mail);
      return;
    }
    this.#unclaimed.push(mail);
  }
}

async function parse(raw: Buffer, { envelope }: SMTPServerSession): Promise<ReceivedMail> {
  const { subject, text, html, headers } = await PostalMime.parse(raw);
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    subject: subject ?? '',
    text: text ?? '',
    html: html ?? '',
    headers,
  };
}
