import { beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_SLUGS } from '../../src/adapters/http/v1/problem-table.ts';
import { aV1World, latest, type V1World } from './v1-world.ts';

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
/** The answer to its form sends the browser on to where people may be sent back to. */
const WALLET_PAGE_POLICY = CONTENT_SECURITY_POLICY.replace(
  "form-action 'none'",
  "form-action 'self' https://app.example",
);
const WALLET_PAGE = '/wallet/acme';
const MAIL_PAGES = ['/verify-email', '/reset-password', '/disown', '/accept-invitation'];

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const get = (path: string, headers: Record<string, string> = {}) => world.app.request(path, { headers });

describe.each([...MAIL_PAGES, WALLET_PAGE, '/problems', '/problems/not-found'])('the page %s', (path) => {
  it('is HTML under a strict policy that allows nothing inline and nothing from elsewhere', async () => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('text/html; charset=UTF-8');
    const policy = path === WALLET_PAGE ? WALLET_PAGE_POLICY : CONTENT_SECURITY_POLICY;
    expect(answer.headers.get('Content-Security-Policy')).toBe(policy);
    expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
    const html = await answer.text();
    expect(html).not.toMatch(/ (?:style|on\w+)="|<style|<script(?! src="(?:\.\.\/)?pages\/)|https?:\/\//);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<meta name="viewport"');
  });

  it('refers to files that are there', async () => {
    const html = await (await get(path)).text();
    const references = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const target = new URL(reference, `http://localhost${path}`).pathname;
      expect((await get(target)).status, target).toBe(200);
    }
  });

  it('is not sent again to a browser that has it', async () => {
    const etag = (await get(path)).headers.get('ETag') ?? '';
    expect((await get(path, { 'If-None-Match': etag })).status).toBe(304);
  });
});

describe('a link from a mail', () => {
  it('is not spent by opening its page', async () => {
    const { email } = await world.person();
    const { token, disownToken } = latest(await world.mailsTo(email), 'verify-email-link');
    for (const path of MAIL_PAGES) {
      for (const secret of [token, disownToken]) await get(`${path}?token=${secret}`);
      await world.app.request(path, { method: 'HEAD' });
    }
    expect((await world.post('/auth/verify-email', { token })).status).toBe(200);
  });
});

describe('the page of a problem', () => {
  it.each(PROBLEM_SLUGS)('explains %s', async (slug) => {
    const html = await (await get(`/problems/${slug}`)).text();
    expect(html).toContain(`<code>${slug}</code>`);
    expect(html).toContain('<h2>What happened</h2>');
    expect(html).toContain('<h2>What to do next</h2>');
    expect(html).not.toContain('<script');
  });

  it('is in the index', async () => {
    const html = await (await get('/problems')).text();
    for (const slug of PROBLEM_SLUGS) expect(html).toContain(`href="problems/${slug}"`);
  });

  it('is not there for what is no problem', async () => {
    for (const slug of ['nonsense', 'constructor', '__proto__', '%3Cscript%3E']) {
      expect((await get(`/problems/${slug}`)).status).toBe(404);
    }
  });

  it('is where the type of a problem leads', async () => {
    const { body } = await world.get('/auth/me');
    expect((await get(new URL(body.type).pathname)).status).toBe(200);
  });
});
