import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment, MailboxEntry } from '../environment.ts';
import { isLocal } from '../middleware/local-request.ts';
import { giveMarkup, markupOf } from '../pages/page-layout.ts';

/**
 * The mails of a service that sends none. They hold codes and links, so they are shown on this machine alone.
 * Anybody else finds nothing here.
 */
export function devMailboxRoutes({ mailbox }: Pick<HttpDependencies, 'mailbox'>): Hono<HttpEnvironment> {
  const app = new Hono<HttpEnvironment>();
  if (mailbox === undefined) return app;

  const messagesFor = (c: Context<HttpEnvironment>): readonly MailboxEntry[] => {
    if (!isLocal(c)) throw new IamError('not-found');
    return mailbox.messages();
  };
  app.get('/dev/mailbox.json', (c) => c.json(messagesFor(c)));
  app.get('/dev/mailbox', (c) => giveMarkup(c, mailboxPage(messagesFor(c))));
  return app;
}

function mailboxPage(messages: readonly MailboxEntry[]): string {
  const body = html`<h1>Mailbox</h1>
<p class="quiet">${messages.length === 0 ? 'No mail yet.' : 'Mails that would have been sent, newest first.'}
<a href="mailbox.json">As JSON</a></p>
${messages.map(
  (mail) => html`<article>
<h2>${mail.subject}</h2>
<p class="quiet">To ${mail.to}, ${mail.sentAt}</p>
<pre>${mail.text}</pre>
<ul class="plain">${mail.links.map((link) => html`<li><a href="${link}">${link}</a></li>`)}</ul>
</article>`,
)}`;
  return markupOf({ title: 'Mailbox', body, root: '../' });
}
