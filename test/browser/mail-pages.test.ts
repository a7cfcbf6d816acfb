import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { aColleague, anAddress, anOwner, invitationTo, protect } from '../http/v1-people.ts';
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

  it('say that the other mailbox has to answer, too, before an address changes', async () => {
    const owner = await anOwner(world);
    const { id, email } = await aColleague(world, owner);
    const newEmail = anAddress();
    await world.call('PATCH', `/users/${id}`, { token: owner.token, body: { email: newEmail } });
    const consent = latest(await world.mailsTo(email), 'email-change-consent');
    await open('/verify-email', `#token=${consent.token}`);
    await button().click();
    await said('The other mailbox has to answer as well');
    expect((await world.get(`/users/${id}`, owner.token)).body).toMatchObject({ email, pendingEmail: newEmail });
    const proof = latest(await world.mailsTo(newEmail), 'email-change-link');
    await open('/verify-email', `#token=${proof.token}`);
    await page.waitForURL((url) => url.hash === '');
    await button().click();
    await said('Your address is confirmed');
    expect((await world.get(`/users/${id}`, owner.token)).body.email).toBe(newEmail);
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

  describe('/accept-invitation', () => {
    async function anInvitation(email = anAddress()) {
      const owner = await anOwner(world);
      await world.post('/auth/invite', { email, roles: ['admin'] }, { token: owner.token });
      return { owner, email, token: await invitationTo(world, email) };
    }
    const visit = (token: string) => open('/accept-invitation', `#token=${token}`);
    const password = () => page.getByLabel('Password');
    const code = () => page.getByLabel('Code of your authenticator app');

    it('lets somebody new choose a password and say who they are', async () => {
      const { owner, email, token } = await anInvitation();
      await visit(token);
      expect(await code().isVisible()).toBe(false);
      await page.getByLabel('First name').fill('Bob');
      await password().fill('password1234');
      await button().click();
      await said('The password is one of the passwords that many people use');
      await password().fill(NEW_PASSWORD);
      await password().press('Enter');
      await said('You have joined');
      const login = await world.post('/auth/login', { email, password: NEW_PASSWORD });
      const me = (await world.get('/auth/me', login.body.accessToken)).body;
      expect(me).toMatchObject({ firstName: 'Bob', lastName: null, tenantId: owner.tenantId, roles: ['admin'] });
    });

    it('shows no token, and keeps none', async () => {
      const { token } = await anInvitation();
      const answered = page.waitForResponse((answer) => answer.url().endsWith('/accept-invite'));
      await visit(token);
      await password().fill(NEW_PASSWORD);
      await button().click();
      await said('You have joined');
      const { accessToken, refreshToken } = await (await answered).json();
      const kept = await page.evaluate(
        'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
      );
      for (const secret of [accessToken, refreshToken, token]) {
        expect(await page.content()).not.toContain(secret);
        expect(kept).not.toContain(secret);
      }
      expect((await world.get('/auth/me', accessToken)).status).toBe(200);
    });

    it('asks whoever has an account for its own password, and for the code when it is on', async () => {
      const known = await anOwner(world);
      const showCode = await protect(world, known);
      const { owner, token } = await anInvitation(known.email);
      await visit(token);
      await password().fill(NEW_PASSWORD);
      await button().click();
      await said('Use the password of that account');
      expect(await code().isVisible()).toBe(false);
      await password().fill(PASSWORD);
      await button().click();
      await said('Enter the code that your authenticator app shows');
      expect(await page.evaluate('document.activeElement.id')).toBe(await code().getAttribute('id'));
      await code().fill('000000');
      await code().press('Enter');
      await said('The code is wrong, or was used before');
      expect(await code().inputValue()).toBe('');
      await code().fill(await showCode());
      await code().press('Enter');
      await said('You have joined');
      const { data } = (await world.get('/auth/tenants', known.token)).body;
      expect(data.map(({ id }: { id: string }) => id).sort()).toEqual([known.tenantId, owner.tenantId].sort());
    });

    it('names the field that is wrong', async () => {
      const { token } = await anInvitation();
      await visit(token);
      await page.getByLabel('Last name').fill('https://evil.example');
      await password().fill(NEW_PASSWORD);
      await button().click();
      await said('The last name must not have control characters or ://');
      expect(await button().isVisible()).toBe(true);
    });

    it('says when the invitation was taken back', async () => {
      const { owner, token } = await anInvitation();
      const { data } = (await world.get('/invitations', owner.token)).body;
      await world.call('DELETE', `/invitations/${data[0].id}`, { token: owner.token });
      await visit(token);
      await password().fill(NEW_PASSWORD);
      await button().click();
      await said('This link has expired or was already used');
      expect(await button().isVisible()).toBe(false);
    });
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
