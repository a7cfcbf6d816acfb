import { randomBytes } from 'node:crypto';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked } from './harness/asked.ts';
import type { Ask } from './harness/balancer.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { scaled } from './harness/scale.ts';
import { anAddress, GatePerson, nextCode, PASSWORD, v1Person } from './harness/somebody.ts';
import { makeWorld, type World } from './harness/world.ts';

const ROUNDS = scaled({ short: 1, long: 20 });
const SPENDERS = 16;
const MAIL_WITHIN_MS = 20_000;
const RETURN_URL = 'https://app.example/in';
/** What whoever comes late hears: it is spent, or too many have tried. */
const TOO_LATE = [400, 401, 403, 409, 429];

describe('of sixteen who spend one secret over both replicas', () => {
  let estate: Estate;
  let world: World;
  let strict: World;
  beforeAll(async () => {
    const wallet = { id: 'wallet', name: 'Wallet', type: 'wallet' };
    estate = await Estate.start({
      env: { PLATFORM_PROVIDERS: JSON.stringify([wallet]), ALLOWED_RETURN_URLS: RETURN_URL },
    });
    world = await makeWorld(estate.balancer);
    strict = await makeWorld(estate.balancer, { emailVerificationRequired: true });
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  const post = (path: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Ask => ({
    method: 'POST',
    path: `/api/v1${path}`,
    headers: { 'X-Forwarded-For': anAddress(), ...headers },
    json,
  });
  const mailed = async (email: string, pattern: RegExp): Promise<string> => {
    const { text } = await estate.mail.waitForMail(email, MAIL_WITHIN_MS);
    return pattern.exec(text)?.[1] ?? '';
  };
  const LINK = /#token=([\w-]+)/;
  const CODE = /\b(\d{6})\b/;

  const atOnce = (ask: Ask) =>
    Promise.all(
      Array.from({ length: SPENDERS }, (_, index) =>
        estate.balancer.ask({ ...ask, replica: index % estate.replicas.length }),
      ),
    );

  async function oneSpends(name: string, prepare: () => Promise<Ask>): Promise<void> {
    const answers = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const ask = await prepare();
      const statuses = (await atOnce(ask)).map(({ status }) => status);
      for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
      expect(statuses.filter((status) => !TOO_LATE.includes(status))).toHaveLength(1);
      expect(Math.min(...statuses)).toBeLessThan(400);
    }
    figure(name, {
      rounds: ROUNDS,
      ...Object.fromEntries([...answers].map(([status, n]) => [`answered ${status}`, n])),
    });
  }

  const registeredOverV1 = async () => {
    const email = `spender-${randomBytes(6).toString('hex')}@example.com`;
    const tokens = await asked(estate.balancer, post('/auth/register', { email, password: PASSWORD }), 201);
    return { email, tokens };
  };

  it('one proves an address, by a link', () =>
    oneSpends('verification link', async () => {
      const { email } = await registeredOverV1();
      return post('/auth/verify-email', { token: await mailed(email, LINK) });
    }));

  it('one proves an address, by a code', () =>
    oneSpends('verification code', async () => {
      const { person } = await GatePerson.registered(estate, strict);
      return person.gate('verify-email', { email: person.email, otp: await mailed(person.email, CODE) });
    }));

  it('one resets a password, by a link', () =>
    oneSpends('reset link', async () => {
      const { email } = await registeredOverV1();
      await asked(estate.balancer, post('/auth/verify-email', { token: await mailed(email, LINK) }), 200);
      await asked(estate.balancer, post('/auth/request-reset', { email }), 202);
      return post('/auth/reset-password', { token: await mailed(email, LINK), newPassword: `${PASSWORD} again` });
    }));

  it('one resets a password, by a code', () =>
    oneSpends('reset code', async () => {
      const { person } = await GatePerson.registered(estate, world);
      return person.reset(await person.mailedCode());
    }));

  it('one recovers an account', () =>
    oneSpends('recovery code', async () => {
      const { recovery, recoveryCodes } = await v1Person(estate.balancer);
      return recovery(recoveryCodes[0] ?? '');
    }));

  it('one refreshes, over the Gate', () =>
    oneSpends('refresh token of the Gate', async () => {
      const { person, tokens } = await GatePerson.registered(estate, world);
      return person.refresh(tokens);
    }));

  it('all who refresh over v1 get the same pair: one client that asked twice is no thief', async () => {
    const { tokens } = await registeredOverV1();
    const ask = post('/auth/refresh', { refreshToken: tokens.refreshToken });
    const answers = await atOnce(ask);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
  });

  it('one signs in with a second factor', () =>
    oneSpends('TOTP code and its ticket', async () => {
      const { person, tokens } = await GatePerson.registered(estate, world);
      const secret = await person.protect(tokens);
      return person.secondStep(await person.ticket(), await nextCode(secret));
    }));

  it('one accepts an invitation', () =>
    oneSpends('invitation', async () => {
      const email = `invited-${randomBytes(6).toString('hex')}@example.com`;
      const owner = { Authorization: `Bearer ${world.ownerToken}` };
      await asked(estate.balancer, post('/auth/invite', { email, roles: [] }, owner), 201);
      return post('/auth/accept-invite', { token: await mailed(email, LINK), password: PASSWORD });
    }));

  /** A wallet that has signed. */
  async function signed() {
    const account = privateKeyToAccount(generatePrivateKey());
    const wallet = { address: account.address, chainId: 1, returnTo: RETURN_URL };
    const { state, verifier, message } = await asked(estate.balancer, post('/auth/login/wallet', wallet), 200);
    const signature = await account.signMessage({ message });
    return { callback: post('/auth/callback/wallet', { state, signature, verifier }), verifier };
  }

  it('one comes back from a provider', () => oneSpends('state of a provider', async () => (await signed()).callback));

  it('one exchanges the code for it', () =>
    oneSpends('exchange code', async () => {
      const { callback, verifier } = await signed();
      const { status, headers } = await estate.balancer.ask(callback);
      expect(status).toBe(303);
      const code = new URL(headers.location ?? '').searchParams.get('code');
      return post('/auth/exchange', { code, verifier });
    }));
});
