import { Hono } from 'hono';
import { html } from 'hono/html';
import { IamError } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import type { ReadyMade } from '../middleware/ready-made.ts';
import { PROBLEM_SLUGS, PROBLEMS, type ProblemSlug } from '../v1/problem-table.ts';
import { NEXT_STEPS } from './next-steps.ts';
import { givePage, page } from './page-layout.ts';

/** What the `type` of a problem leads to (RFC 9457 §3.1.1): what happened, and what to do about it. */
export function problemPages(): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  const pages: ReadonlyMap<string, ReadyMade> = new Map(PROBLEM_SLUGS.map((slug) => [slug, problemPage(slug)]));
  const index = indexPage();
  routes.get('/problems', (c) => givePage(c, index));
  routes.get('/problems/:slug', (c) => {
    const made = pages.get(c.req.param('slug'));
    if (made === undefined) throw new IamError('not-found');
    return givePage(c, made);
  });
  return routes;
}

function problemPage(slug: ProblemSlug): ReadyMade {
  const [status, title, detail] = PROBLEMS[slug];
  const body = html`<h1>${title}</h1>
<p class="quiet">HTTP ${status} · <code>${slug}</code></p>
<h2>What happened</h2>
<p>${detail}</p>
<h2>What to do next</h2>
<p>${NEXT_STEPS[slug]}</p>
<p><a href="../problems">All problems</a></p>`;
  return page({ title, body, root: '../' });
}

function indexPage(): ReadyMade {
  const entries = PROBLEM_SLUGS.map((slug) => {
    const [status, title] = PROBLEMS[slug];
    return html`<li><a href="problems/${slug}">${slug}</a> <span class="quiet">${status} ${title}</span></li>
`;
  });
  const body = html`<h1>Problems</h1>
<p>Every refusal of the v1 API has one of these types (RFC 9457).</p>
<ul class="plain">
${entries}</ul>`;
  return page({ title: 'Problems', body, root: '' });
}
