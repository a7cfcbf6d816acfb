import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { aGateWorld } from '../http/gate-world.ts';

const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

describe.skipIf(CHROMIUM === undefined)('the documentation, in a browser', () => {
  let server: HttpServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startHttpServer((await aGateWorld()).app, { host: '127.0.0.1', port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('shows both APIs under its own content security policy, and asks nobody else', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:') hosts.add(url.host);
    });
    await page.goto(`http://127.0.0.1:${server.port}/`);
    for (const path of ['/api/v1/gate/{project_id}/auth/login', '/api/v1/auth/login']) {
      await page.locator(`[data-path="${path}"]`).waitFor();
    }
    expect(hosts).toEqual(new Set([`127.0.0.1:${server.port}`]));
    expect(complaints).toEqual([]);
  });
});
