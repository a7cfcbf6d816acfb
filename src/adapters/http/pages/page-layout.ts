import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HttpEnvironment } from '../environment.ts';
import { giveReadyMade, type ReadyMade, readyMade } from '../middleware/ready-made.ts';

type Markup = ReturnType<typeof html>;

/**
 * Nothing from elsewhere, nothing inline, in nobody's frame, and no form that the browser would send by itself, but where
 * `formAction` says.
 */
function contentSecurityPolicy(formAction = "'none'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const CONTENT_TYPE = 'text/html; charset=UTF-8';

export interface PageContent {
  readonly title: string;
  readonly body: Markup;
  /** From the page to the root of the service, which may stand behind a path of somebody else's: `''` or `../`. */
  readonly root: string;
  /** The page's one script, from the root. */
  readonly script?: string;
}

/** A page that is made once. */
export function page(content: PageContent): ReadyMade {
  return readyMade({ body: markupOf(content), contentType: CONTENT_TYPE, cacheControl: 'no-cache' });
}

/** Links are relative, so that a page works at whatever address the service is reached. */
export function markupOf({ title, body, root, script }: PageContent): string {
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} · Castellan</title>
<link rel="stylesheet" href="${root}pages/page.css">
${script === undefined ? '' : html`<script src="${root}${script}" defer></script>`}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return String(markup);
}

export function givePage(
  c: Context<HttpEnvironment>,
  made: ReadyMade,
  { formAction }: { readonly formAction?: string } = {},
): Response {
  c.header('Content-Security-Policy', contentSecurityPolicy(formAction));
  return giveReadyMade(c, made);
}

/** A page that is another one each time, and never stored. `allowing`: what its policy has to allow besides. */
export function giveMarkup(c: Context<HttpEnvironment>, markup: string, ...allowing: readonly string[]): Response {
  c.header('Content-Security-Policy', [contentSecurityPolicy(), ...allowing].join('; '));
  return c.body(markup, 200, { 'Content-Type': CONTENT_TYPE });
}
