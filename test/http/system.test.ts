import type { HttpBindings } from '@hono/node-server';
import { beforeAll, describe, expect, it } from 'vitest';
import { readinessOf } from '../../src/adapters/container/readiness.ts';
import type { MailboxEntry } from '../../src/adapters/http/environment.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aGateWorld, type GateWorld } from './gate-world.ts';

describe('health', () => {
  it('is alive whatever happens; ready while everything answers and the end has not begun', async () => {
    const state = { database: 'ok' as 'ok' | 'failing', draining: false };
    const { call } = await aGateWorld({
      http: {
        readiness: { check: async () => ({ database: state.database, cache: 'ok' }) },
        draining: () => state.draining,
      },
    });
    expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    state.database = 'failing';
    expect(await call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { status: 'failing', checks: { database: 'failing', cache: 'ok' } },
    });
    state.draining = true;
    expect(await call('GET', '/readyz')).toMatchObject({ status: 503, body: { status: 'draining' } });
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  it('is looked at once a second for however many ask, and is over at once when the end begins', async () => {
    const state = { looks: 0, draining: false, cache: 'ok' as 'ok' | 'failing' };
    const needs = [
      { check: async () => ({ database: 'ok' as const }) },
      {
        async check() {
          state.looks += 1;
          return { cache: state.cache };
        },
      },
    ];
    const { call } = await aGateWorld({ http: { readiness: readinessOf(needs), draining: () => state.draining } });
    const { succeeded } = await sixteenAtOnce(() => call('GET', '/readyz'));
    expect(new Set(succeeded.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await call('GET', '/readyz')).body).toMatchObject({ checks: { database: 'ok', cache: 'ok' } });
    expect(state.looks).toBe(1);
    state.cache = 'failing';
    await expect
      .poll(async () => (await call('GET', '/readyz')).body, { timeout: 10_000 })
      .toMatchObject({
        status: 'failing',
        checks: { cache: 'failing' },
      });
    expect(state.looks).toBe(2);
    state.draining = true;
    expect((await call('GET', '/readyz')).body).toEqual({ status: 'draining' });
    expect(state.looks).toBe(2);
  });

  it('is none where there is no answer', async () => {
    const readiness = readinessOf([{ check: () => Promise.reject(new Error('broken')) }]);
    const { call } = await aGateWorld({ http: { readiness } });
    expect((await call('GET', '/readyz')).status).toBe(503);
  });
});

describe('unknown paths', () => {
  it('are problems, with the methods that there are where another is asked for', async () => {
    const { call } = await aGateWorld();
    expect(await call('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { type: 'https://iam.example/problems/not-found', status: 404, instance: '/nothing' },
    });
    const answer = await call('POST', '/healthz');
    expect(answer).toMatchObject({ status: 405, body: { status: 405 } });
    expect(answer.headers.get('Allow')).toBe('GET, HEAD');
  });
});

describe('the documentation', () => {
  it('is a page of its own files, with a policy that lets nothing else in', async () => {
    const { call } = await aGateWorld();
    expect(await call('GET', '/')).toMatchObject({ status: 302 });
    const page = await call('GET', '/docs');
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.body).not.toMatch(/https?:|<style|style=|<script>/);
    const files = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) {
      const { status, headers } = await call('GET', file);
      expect(status, file).toBe(200);
      expect(headers.get('Content-Type'), file).toMatch(/^(?:text\/(?:css|javascript)|image\/png)/);
      const again = await call('GET', file, { headers: { 'if-none-match': headers.get('ETag') ?? '' } });
      expect(again.status, file).toBe(304);
    }
  });

  it('describes every route of both APIs, and every answer with its request id', async () => {
    const { app, call } = await aGateWorld();
    const { body: document } = await call('GET', '/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.securitySchemes).sort()).toEqual(['apiKey', 'bearer']);
    const served = app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const operations = Object.entries<Record<string, { responses: Record<string, { headers: object }> }>>(
      document.paths,
    );
    const described = operations.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(new Set(described)).toEqual(new Set(served));
    for (const [path, methods] of operations) {
      for (const { responses } of Object.values(methods)) {
        for (const [status, { headers }] of Object.entries(responses)) {
          expect(headers, `${path} ${status}`).toHaveProperty('X-Request-Id');
        }
      }
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    for (const [, kind = '', name = ''] of references) expect(document.components[kind], name).toHaveProperty(name);
  });
});

describe('the mailbox', () => {
  const mail: MailboxEntry = {
    to: 'ada@example.test',
    subject: '<b>Code</b>',
    text: 'Your code is 123456 & <script>',
    html: '<p>Your code</p>',
    links: ['http://127.0.0.1:3000/verify-email#token=x'],
    sentAt: '2026-01-01T00:00:00.000Z',
  };
  const LOCAL = { host: '127.0.0.1:3000' };
  let app: GateWorld['app'];
  beforeAll(async () => {
    ({ app } = await aGateWorld({ http: { mailbox: { messages: () => [mail] } } }));
  });
  function ask(path: string, remoteAddress: string, headers: Readonly<Record<string, string>>) {
    const env = { incoming: { socket: { remoteAddress }, headers } } as unknown as HttpBindings;
    return app.request(path, { headers }, env);
  }

  it('is shown to this machine: as JSON, and as a page that escapes what mails say', async () => {
    for (const host of ['127.0.0.1:3000', 'localhost', '[::1]:3000']) {
      expect(await (await ask('/dev/mailbox.json', '::ffff:127.0.0.1', { host })).json(), host).toEqual([mail]);
    }
    const page = await ask('/dev/mailbox', '::1', LOCAL);
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain('&lt;b&gt;Code&lt;/b&gt;');
    expect(html).toContain('123456 &amp; &lt;script&gt;');
    expect(html).toContain('href="http://127.0.0.1:3000/verify-email#token=x"');
  });

  it('is not there for another machine, another name, or anything that came through a proxy', async () => {
    const refused: [string, Record<string, string>][] = [
      ['192.0.2.1', LOCAL],
      ['127.0.0.1', { host: 'iam.example' }],
      ['127.0.0.1', { host: 'localhost.evil.example' }],
      ['127.0.0.1', {}],
      ['127.0.0.1', { ...LOCAL, forwarded: 'for=192.0.2.1' }],
      ['127.0.0.1', { ...LOCAL, 'x-forwarded-for': '127.0.0.1' }],
      ['127.0.0.1', { ...LOCAL, 'x-forwarded-proto': 'http' }],
      ['127.0.0.1', { ...LOCAL, 'x-real-ip': '127.0.0.1' }],
    ];
    for (const [address, headers] of refused) {
      for (const path of ['/dev/mailbox', '/dev/mailbox.json']) {
        expect((await ask(path, address, headers)).status, JSON.stringify([address, headers])).toBe(404);
      }
    }
  });

  it('is not there where mails are sent', async () => {
    const { call } = await aGateWorld();
    expect((await call('GET', '/dev/mailbox.json', { address: '127.0.0.1', headers: LOCAL })).status).toBe(404);
  });
});
