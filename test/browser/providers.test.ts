import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtInProviders } from '../../src/adapters/container/built-in-providers.ts';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { parseProviderId } from '../../src/application/providers/provider-input.ts';
import { ACME, aV1World, type V1World, WALLET } from '../http/v1-world.ts';
import { freePort } from '../support/free-port.ts';
import { OidcProvider } from '../support/oidc-provider.ts';
import { Application } from './an-application.ts';

const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const COOKIE = '__Host-castellan-verifier';
const EMAIL = 'ada@example.test';
const OFFERED = ['first', 'second'] as const;
const SECRETS = /eyJ|rt_|pv_/;

describe.skipIf(CHROMIUM === undefined)('signing in with providers, in a browser', () => {
  let world: V1World;
  let iam: string;
  let server: HttpServer;
  let providers: readonly OidcProvider[];
  let application: Application;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  /** Every address that the browser was at, or was sent to. */
  let addresses: string[];

  beforeAll(async () => {
    const port = await freePort();
    iam = `http://127.0.0.1:${port}`;
    application = await Application.start(iam);
    world = await aV1World({
      providerAdapters: builtInProviders({ publicUrl: iam, allowPrivate: true }),
      http: { publicUrl: iam, corsOrigins: [application.origin], allowedReturnUrls: [application.returnTo] },
    });
    server = await startHttpServer(world.app, { host: '127.0.0.1', port });
    const projectId = world.platform.id;
    await world.iam.providers.removeProvider.execute(OPERATOR, { projectId, id: parseProviderId(ACME) });
    providers = await Promise.all(
      OFFERED.map((id) => OidcProvider.start({ redirectUris: [`${iam}/api/v1/auth/callback/${id}`] })),
    );
    for (const [index, { accounts, issuer, client }] of providers.entries()) {
      accounts.set('ada', { email: EMAIL, email_verified: true, name: 'Ada Lovelace' });
      const id = OFFERED[index] ?? '';
      const provider = { projectId, id, name: id, type: 'oidc', issuer, ...client };
      await world.iam.providers.configureProvider.execute(OPERATOR, provider);
    }
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '' });
  });
  afterAll(async () => {
    await browser?.close();
    await application?.[Symbol.asyncDispose]();
    for (const provider of providers ?? []) await provider[Symbol.asyncDispose]();
    await server?.stop();
  });
  beforeEach(async () => {
    // Tokens of the providers are of the real time.
    world.clock.advance((Date.now() - world.clock.now().getTime()) / 1000);
    complaints = [];
    addresses = [];
    context = await browser.newContext();
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => addresses.push(request.url()));
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
    expect(addresses.filter((address) => SECRETS.test(address))).toEqual([]);
  });

  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const choose = (name: string) => page.getByRole('link', { name: `Sign in with ${name}` }).click();
  const signedIn = () => page.getByText(/^Signed in as/).waitFor();
  const who = async () => (await page.locator('#who').textContent())?.split(', ')[1];
  const links = () => page.locator('#links li').allTextContents();
  const cookies = async () => (await context.cookies(iam)).filter(({ name }) => name === COOKIE);

  /** At the provider's own page. */
  async function atProvider(button = 'Sign in'): Promise<void> {
    await page.getByLabel('Login').fill('ada');
    await press(button);
  }

  it('goes there and back, links a second provider, and unlinks the first', async () => {
    await page.goto(application.origin);
    await choose('first');
    await page.getByLabel('Login').waitFor();
    const [held] = await cookies();
    expect(held).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
    await atProvider();
    await signedIn();
    expect(page.url()).toBe(application.returnTo);
    expect(await cookies()).toEqual([]);
    expect(await page.locator('#who').textContent()).toContain(EMAIL);
    expect(await links()).toEqual(['first: Ada Lovelace']);
    const person = await who();

    // There is no password, so this is the last way in.
    await press('Unlink first');
    await signedIn();
    expect(await links()).toEqual(['first: Ada Lovelace']);

    await press('Link second');
    await atProvider();
    await signedIn();
    expect(await links()).toEqual(['first: Ada Lovelace', 'second: Ada Lovelace']);
    await press('Unlink first');
    await signedIn();
    expect(await links()).toEqual(['second: Ada Lovelace']);

    await context.clearCookies();
    await page.evaluate('sessionStorage.clear()');
    await page.goto(application.origin);
    await choose('second');
    await atProvider();
    await signedIn();
    expect(await who()).toBe(person);
  });

  it('comes back with an error when the person says no there', async () => {
    await page.goto(application.origin);
    await choose('first');
    await press('Cancel');
    await page.getByText('Refused: invalid-credentials').waitFor();
  });

  describe('by wallet', () => {
    const account = privateKeyToAccount(generatePrivateKey());

    interface WalletSaying {
      readonly chainId?: string;
      /** A refusal of the wallet's, by the method that it refuses. */
      readonly refuses?: Readonly<Record<string, number>>;
      /** Introduce themselves; without any there is one that does not. */
      readonly names?: readonly string[];
    }

    async function aWallet({ chainId = '0x1', refuses = {}, names = [] }: WalletSaying = {}): Promise<void> {
      await page.exposeFunction('signWithViem', (raw: `0x${string}`) => account.signMessage({ message: { raw } }));
      const given = JSON.stringify({ address: account.address, chainId, refuses, names });
      await page.addInitScript(`(${INJECTED})(${given})`);
    }
    const status = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

    /** As far as the page that asks. */
    async function open(): Promise<void> {
      await page.goto(application.origin);
      await choose('Wallet');
      await page.getByRole('heading', { name: 'Sign in with your wallet' }).waitFor();
    }

    it('signs what the service has written, and is somebody without an address', async () => {
      await aWallet();
      await open();
      await press('Continue with your wallet');
      await signedIn();
      expect(await links()).toHaveLength(1);
      expect((await links())[0]).toMatch(/^wallet: 0x/);
      const person = await who();
      expect(await page.locator('#who').textContent()).toContain('nobody in particular');
      expect(await cookies()).toEqual([]);
      await page.evaluate('sessionStorage.clear()');
      await open();
      await press('Continue with your wallet');
      await signedIn();
      expect(await who()).toBe(person);
    });

    it('offers every wallet that introduces itself, by its name', async () => {
      await aWallet({ names: ['Fox', '<b>Badger</b>'] });
      await open();
      expect(await page.getByRole('button').allTextContents()).toEqual([
        'Continue with Fox',
        'Continue with <b>Badger</b>',
      ]);
      await press('Continue with Fox');
      await signedIn();
    });

    it.each([
      ['eth_requestAccounts', 4001, 'You have refused in your wallet'],
      ['personal_sign', 4001, 'You have refused in your wallet'],
      ['eth_requestAccounts', -32002, 'Your wallet is asking you already'],
      ['eth_chainId', 4900, 'Your wallet is not connected'],
      ['personal_sign', 1, 'Your wallet did not answer as it should'],
    ])('says what to do when the wallet refuses %s with %i', async (method, code, text) => {
      await aWallet({ refuses: { [method]: code } });
      await open();
      await press('Continue with your wallet');
      await status(text);
      expect(await page.getByRole('button').isEnabled()).toBe(true);
    });

    it('says so when the wallet is on another chain', async () => {
      await aWallet({ chainId: '0x89' });
      await open();
      await press('Continue with your wallet');
      await status('Your wallet is on a network that does not count here');
    });

    it('says so when there is no wallet', async () => {
      await open();
      await status('No wallet was found in this browser');
    });

    it('says what to do when nobody has said where to go back to', async () => {
      await aWallet();
      for (const query of ['', '?returnTo=', `?projectId=${world.platform.id}`]) {
        await page.goto(`${iam}/wallet/${WALLET}${query}`);
        await status('Go back to the application that you want to sign in to');
        expect(await page.getByRole('button').count()).toBe(0);
      }
    });

    it('goes back to nobody who is not known', async () => {
      await aWallet();
      await page.goto(`${iam}/wallet/${WALLET}?returnTo=https%3A%2F%2Fevil.example%2F`);
      await press('Continue with your wallet');
      await status('The page that you come from is not one that people are sent back to');
    });

    it('says so when this way is not on offer', async () => {
      await aWallet();
      await page.goto(`${iam}/wallet/nobody?returnTo=${encodeURIComponent(application.returnTo)}`);
      await press('Continue with your wallet');
      await status('This way to sign in is not on offer');
    });
  });
});

/** What a wallet puts into every page (EIP-1193, EIP-6963). */
const INJECTED = `({ address, chainId, refuses, names }) => {
  const answers = {
    eth_requestAccounts: () => [address.toLowerCase()],
    eth_chainId: () => chainId,
    personal_sign: ([message]) => window.signWithViem(message),
  };
  const wallet = {
    async request({ method, params }) {
      if (refuses[method]) throw Object.assign(new Error('no'), { code: refuses[method] });
      return answers[method](params);
    },
  };
  if (names.length === 0) window.ethereum = wallet;
  window.addEventListener('eip6963:requestProvider', () => {
    for (const name of names) {
      const detail = Object.freeze({ info: { uuid: name, name, icon: 'data:,', rdns: 'example' }, provider: wallet });
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    }
  });
}`;
