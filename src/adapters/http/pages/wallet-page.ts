import { Hono } from 'hono';
import { html } from 'hono/html';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { giveReadyMade, readyMade } from '../middleware/ready-made.ts';
import { givePage, page } from './page-layout.ts';
import { WALLET_PAGE_SCRIPT } from './wallet-page-script.ts';

const BODY = html`<h1>Sign in with your wallet</h1>
<p>Your wallet will show you a message and ask you to sign it. That says who you are: it costs nothing, and moves
nothing.</p>
<div id="wallets" class="choices"></div>
<p role="status" aria-live="polite"></p>
<form method="post" hidden>
<input type="hidden" name="state"><input type="hidden" name="signature"><input type="hidden" name="verifier">
</form>
<noscript><p>This page needs JavaScript: wallets speak nothing else.</p></noscript>`;

/** Where somebody signs in with a wallet of their browser: one page for all providers of that type. */
export function walletPage({ allowedReturnUrls }: Pick<HttpDependencies, 'allowedReturnUrls'>): Hono<HttpEnvironment> {
  const made = page({ title: 'Sign in with your wallet', body: BODY, root: '../', script: 'pages/wallet-page.js' });
  // Browsers hold the policy against where the answer to a form leads, too.
  const origins = new Set(allowedReturnUrls.map((url) => new URL(url).origin));
  const formAction = ["'self'", ...origins].join(' ');
  const contentType = 'text/javascript; charset=UTF-8';
  const script = readyMade({ body: WALLET_PAGE_SCRIPT, contentType, cacheControl: 'public, max-age=3600' });
  return new Hono<HttpEnvironment>()
    .get('/wallet/:providerId', (c) => givePage(c, made, { formAction }))
    .get('/pages/wallet-page.js', (c) => giveReadyMade(c, script));
}
