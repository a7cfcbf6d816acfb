import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { aV1World, latest, PASSWORD, type V1World } from '../http/v1-world.ts';

const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const NEW_PASSWORD = 'nine orange walruses sing';

describe.skipIf(CHROMIUM === undefined)('the pages that mails lead to, in a browser', () => {
  let world: V1World;
  let server: HttpServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    world = await aV1World();
    server = await startHttpServer(world.app, { host: '127.0.0.1', port: 0 });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const open = (path: string, fragment: string) => page.goto(`http://127.0.0.1:${server.port}${path}${fragment}`);
  const button = () => page.getByRole('button');
  const said = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const verified = async (token: string) => (await world.get('/auth/me', token)).body.emailVerified;

  async function aRegistration() {
    const person = await world.person();
    return { ...person, mail: latest(await world.mailsTo(person.email), 'verify-email-link') };
  }

  async function aForgottenPassword() {
    const { email, mail } = await aRegistration();
    await world.post('/auth/verify-email', { token: mail.token });
    await world.post('/auth/request-reset', { email });
    return { email, token: latest(await world.mailsTo(email), 'reset-password-link').token };
  }

  it('confirm an address when the button is pressed, and not before', async () => {
    const { token, mail } = await aRegistration();
    await open('/verify-email', `#token=${mail.token}`);
    expect(await button().isEnabled()).toBe(true);
    expect(await verified(token)).toBe(false);
    await button().click();
    await said('Your address is confirmed');
    expect(await verified(token)).toBe(true);
    expect(await button().isVisible()).toBe(false);
  });

  it('take the token out of the address bar and of the history', async () => {
    const { mail } = await aRegistration();
    await open('/verify-email', `#token=${mail.token}`);
    expect(page.url()).toBe(`http://127.0.0.1:${server.port}/verify-email`);
    await page.reload();
    await said('This link is incomplete');
  });

  it('send the token to no other place than the API, in a body', async () => {
    const { mail } = await aRegistration();
    const seen: string[] = [];
    page.on('request', (request) => {
      seen.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())}`);
    });
    await open('/verify-email', `#token=${mail.token}`);
    await button().click();
    await said('Your address is confirmed');
    expect(seen.filter((line) => line.startsWith('POST '))).toHaveLength(1);
    // A browser keeps the fragment to itself; what it tells of the request's address has none.
    expect(seen.filter((line) => line.includes(mail.token) && !line.includes(`#token=${mail.token}`))).toEqual([]);
  });

  it('work with the keyboard alone', async () => {
    const { token, mail } = await aRegistration();
    await open('/verify-email', `#token=${mail.token}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await said('Your address is confirmed');
    expect(await verified(token)).toBe(true);
  });

  it('say when a link was used before', async () => {
    const { mail } = await aRegistration();
    await world.post('/auth/verify-email', { token: mail.token });
    await open('/verify-email', `#token=${mail.token}`);
    await button().click();
    await said('This link has expired or was already used');
    expect(await button().isVisible()).toBe(false);
  });

  it('take a newer link that is opened where the old one still is', async () => {
    const [first, second] = [await aRegistration(), await aRegistration()];
    await open('/verify-email', `#token=${first.mail.token}`);
    await open('/verify-email', `#token=${second.mail.token}`);
    await page.waitForURL((url) => url.hash === '');
    await button().click();
    await said('Your address is confirmed');
    expect([await verified(first.token), await verified(second.token)]).toEqual([false, true]);
  });

  it('set a new password, and explain a refusal without spending the link', async () => {
    const { email, token } = await aForgottenPassword();
    await open('/reset-password', `#token=${token}`);
    const field = page.getByLabel('New password');
    await field.fill('short');
    await button().click();
    await said('The password must have at least 12 characters');
    await field.fill('password1234');
    await button().click();
    await said('The password is one of the passwords that many people use');
    await field.fill(NEW_PASSWORD);
    await field.press('Enter');
    await said('Your password is changed');
    expect((await world.post('/auth/login', { email, password: NEW_PASSWORD })).status).toBe(200);
    expect((await world.post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
  });

  it('remove an account that its owner never wanted', async () => {
    const { token, mail } = await aRegistration();
    await open('/disown', `#token=${mail.disownToken}`);
    expect((await world.get('/auth/me', token)).status).toBe(200);
    await button().click();
    await said('The account is removed');
    expect((await world.get('/auth/me', token)).status).toBe(401);
  });

  it('speak to the project that the link names', async () => {
    const settings = { v1Enabled: true, emailVerificationRequired: true, signingAlgorithm: 'ES256' } as const;
    const shop = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
    const input = { email: 'shopper@example.test', password: PASSWORD };
    const headers = { 'X-Project-Id': shop.id };
    await world.post('/auth/register', input, { headers });
    const mail = latest(await world.mailsTo(input.email), 'verify-email-link');
    await open('/verify-email', `#token=${mail.token}&project=${shop.id}`);
    await button().click();
    await said('Your address is confirmed');
    expect((await world.post('/auth/login', input, { headers })).status).toBe(200);
  });

  it('follow the light or the dark of the system', async () => {
    const groundIn = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      return page.evaluate('getComputedStyle(document.body).backgroundColor');
    };
    await open('/reset-password', '#token=x');
    expect(await groundIn('light')).not.toBe(await groundIn('dark'));
  });
});
