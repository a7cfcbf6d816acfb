import { Hono } from 'hono';
import { html } from 'hono/html';
import type { HttpEnvironment } from '../environment.ts';
import { giveReadyMade, readyMade } from '../middleware/ready-made.ts';
import { NEW_MEMBER, NEW_PASSWORD } from './mail-page-fields.ts';
import { MAIL_PAGE_SCRIPT } from './mail-page-script.ts';
import { givePage, page } from './page-layout.ts';
import { PAGE_STYLE } from './page-style.ts';

interface MailPage {
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  /** Where the button posts to, relative to the page. */
  readonly endpoint: string;
  readonly button: string;
  readonly done: string;
  /** Where another mailbox has to answer as well. */
  readonly pending?: string;
  readonly fields?: ReturnType<typeof html>;
}

const PAGES: readonly MailPage[] = [
  {
    path: '/verify-email',
    title: 'Confirm your email address',
    lead: 'Press the button to confirm that this address is yours or, where the mail asks for that, that you agree to another one.',
    endpoint: 'api/v1/auth/verify-email',
    button: 'Confirm',
    done: 'Your address is confirmed. You can close this page.',
    pending: 'Thank you. The other mailbox has to answer as well: until then nothing changes. You can close this page.',
  },
  {
    path: '/reset-password',
    title: 'Choose a new password',
    lead: 'You will be signed out everywhere, and sign in with the new password.',
    endpoint: 'api/v1/auth/reset-password',
    button: 'Set the new password',
    done: 'Your password is changed. Sign in with the new one.',
    fields: NEW_PASSWORD,
  },
  {
    path: '/disown',
    title: 'This was not me',
    lead: 'Somebody made an account with your address. Press the button to remove it.',
    endpoint: 'api/v1/auth/disown',
    button: 'Remove the account',
    done: 'The account is removed. You need not do anything else.',
  },
  {
    path: '/accept-invitation',
    title: 'Accept the invitation',
    lead: 'Tell us who you are, and press the button to join.',
    endpoint: 'api/v1/auth/accept-invite',
    button: 'Join',
    done: 'You have joined. Sign in with your email address and this password.',
    fields: NEW_MEMBER,
  },
];

const CACHE_CONTROL = 'public, max-age=3600';

/** Where the links in mails lead. Opening a page changes nothing: that takes its button. */
export function mailPages(): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  for (const mailPage of PAGES) {
    const made = page({ title: mailPage.title, body: bodyOf(mailPage), root: '', script: 'pages/mail-page.js' });
    routes.get(mailPage.path, (c) => givePage(c, made));
  }
  const style = readyMade({ body: PAGE_STYLE, contentType: 'text/css; charset=UTF-8', cacheControl: CACHE_CONTROL });
  routes.get('/pages/page.css', (c) => giveReadyMade(c, style));
  const contentType = 'text/javascript; charset=UTF-8';
  const script = readyMade({ body: MAIL_PAGE_SCRIPT, contentType, cacheControl: CACHE_CONTROL });
  routes.get('/pages/mail-page.js', (c) => giveReadyMade(c, script));
  return routes;
}

/** Without its script the page cannot read the link: the button stays shut. */
function bodyOf({ title, lead, endpoint, button, done, pending, fields }: MailPage) {
  return html`<h1>${title}</h1>
<form data-endpoint="${endpoint}" data-done="${done}" data-pending="${pending ?? ''}">
<p>${lead}</p>
${fields ?? ''}<button type="submit" disabled>${button}</button>
</form>
<p role="status" tabindex="-1"></p>
<noscript><p>This page needs JavaScript: the link's secret is kept out of every server's log.</p></noscript>`;
}
