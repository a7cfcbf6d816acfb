import type { Transporter } from 'nodemailer';
import type { Mail, Notifier } from '../../ports/notifier.ts';
import { renderMail } from './render-mail.ts';

export interface SmtpNotifierOptions {
  /**
   * `smtps://` speaks TLS from the first byte, `smtp://` as soon as the server offers it. User and password, and
   * options of nodemailer such as `requireTLS=true` as its query.
   */
  readonly url: string;
  readonly from: string;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** For one mail, from waiting for a connection to the server's last word. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 20_000;
const CONNECTIONS = 5;

/**
 * Mail by SMTP over a few connections that stay open. Rejects when the server does not take a mail in time, and does not
 * offer it again by itself: the next try has another code or link. The mail client is loaded for the first mail: until
 * then it would be a good part of an idle process.
 */
export class SmtpNotifier implements Notifier {
  readonly #url: string;
  readonly #from: string;
  readonly #publicUrl: string;
  readonly #deadlineMs: number;
  #opened: Promise<Transporter> | undefined;

  constructor({ url, from, publicUrl, deadlineMs = DEADLINE_MS }: SmtpNotifierOptions) {
    this.#url = url;
    this.#from = from;
    this.#publicUrl = publicUrl;
    this.#deadlineMs = deadlineMs;
  }

  async send(mail: Mail): Promise<void> {
    const { subject, text, html } = await renderMail(mail, this.#publicUrl);
    const transporter = await this.#transporter();
    const sent = transporter.sendMail({
      from: this.#from,
      to: { name: '', address: mail.to },
      subject,
      text,
      html,
      // RFC 3834 §5: no holiday answers.
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(this.#deadlineMs),
    });
    await sent.catch((error: unknown) => refuse('no mail server took the mail', error));
  }

  /** Connects, greets and signs in, and sends nothing. Rejects where a mail would not be taken either. */
  async check(): Promise<void> {
    const transporter = await this.#transporter();
    await this.#inTime(transporter.verify()).catch((error: unknown) => refuse('no mail server lets us in', error));
  }

  /** Lets go of the connections. What is being sent is sent. */
  close(): void {
    void this.#opened?.then((transporter) => transporter.close());
  }

  #transporter(): Promise<Transporter> {
    this.#opened ??= opened(this.#url, this.#deadlineMs);
    return this.#opened;
  }

  async #inTime(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(Object.assign(new Error(), { code: 'EDEADLINE' })), this.#deadlineMs);
    });
    try {
      await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function opened(url: string, deadlineMs: number): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: deadlineMs / 2,
    greetingTimeout: deadlineMs / 2,
    dnsTimeout: deadlineMs / 2,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function refuse(failure: string, error: unknown): never {
  throw new Error(`${failure}: ${reasonOf(error)}`);
}

/** Codes alone, such as `EENVELOPE 550 5.1.1`: what a filter says may quote the mail, and with it a code or link. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, responseCode, response } = error as Error &
    Partial<Record<'code' | 'responseCode' | 'response', unknown>>;
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(String(response))?.[0];
  return [code, responseCode, enhanced].filter((part) => part !== undefined).join(' ') || error.name;
}
