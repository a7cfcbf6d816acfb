import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ConfigError, readConfig } from '../../src/adapters/config/config.ts';
import { applyPlatformProviders } from '../../src/adapters/container/platform-providers.ts';
import { policyOf } from '../../src/adapters/container/policy.ts';
import { startService } from '../../src/adapters/container/service.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { providerConfiguration } from '../../src/application/providers/provider-configuration.ts';
import type { AuthProviderState } from '../../src/domain/project/auth-provider.ts';
import { inMemoryProviders } from '../support/a-provider.ts';
import { anIam, type TestIam } from '../support/an-iam.ts';
import { freePort } from '../support/free-port.ts';

const SECRET = 'a secret that only the two of them know';
const ACME = { id: 'acme', name: 'Acme', type: 'oidc', clientId: 'castellan', clientSecret: SECRET };

const saying = (providers: unknown) => readConfig(false, { PLATFORM_PROVIDERS: JSON.stringify(providers) });

/** What whoever starts the service reads. */
function complaintOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as ConfigError).message;
  }
  return '';
}

describe('ALLOWED_RETURN_URLS', () => {
  it('are whole URLs, as they are written; none when nothing is said', () => {
    expect(policyOf(readConfig(false, {})).allowedReturnUrls).toEqual([]);
    const ALLOWED_RETURN_URLS = 'https://app.example/in?x=1, http://127.0.0.1:5173/';
    const config = readConfig(false, { ALLOWED_RETURN_URLS });
    expect(config.allowedReturnUrls).toEqual(['https://app.example/in?x=1', 'http://127.0.0.1:5173/']);
    expect(policyOf(config).allowedReturnUrls).toEqual(config.allowedReturnUrls);
  });

  it.each([
    '*',
    'app.example',
    '/welcome',
    'https://app.example/#in',
    'https://app.example/#',
    'https://ada@app.example/',
    'https://ada:secret@app.example/',
    'javascript:alert(1)',
    'castellan://in',
    'https://app.example/,nonsense',
  ])('are never %s', (ALLOWED_RETURN_URLS) => {
    expect(() => readConfig(false, { ALLOWED_RETURN_URLS })).toThrow('ALLOWED_RETURN_URLS');
  });
});

describe('ALLOW_PRIVATE_PROVIDERS', () => {
  it('is off unless it is said, in so many words', () => {
    expect(readConfig(false, {}).allowPrivateProviders).toBe(false);
    expect(readConfig(false, { ALLOW_PRIVATE_PROVIDERS: 'true' }).allowPrivateProviders).toBe(true);
    expect(() => readConfig(false, { ALLOW_PRIVATE_PROVIDERS: 'yes' })).toThrow('ALLOW_PRIVATE_PROVIDERS');
  });
});

describe('PLATFORM_PROVIDERS', () => {
  it('are a JSON array of what the API takes', () => {
    expect(readConfig(false, {}).platformProviders).toEqual([]);
    expect(saying([ACME]).platformProviders).toEqual([ACME]);
  });

  it.each([
    ['no JSON', `[{"clientSecret": "${SECRET}"`],
    ['no array', '{}'],
    ['without an id', JSON.stringify([{ ...ACME, id: undefined }])],
    ['with a misspelled name', JSON.stringify([{ ...ACME, clientSecrets: SECRET }])],
    ['of a preset that there is not', JSON.stringify([{ ...ACME, preset: 'myspace' }])],
    ['with one id twice', JSON.stringify([ACME, ACME])],
  ])('are refused when they are %s, and no secret is shown', (_, PLATFORM_PROVIDERS) => {
    const complaint = complaintOf(() => readConfig(false, { PLATFORM_PROVIDERS }));
    expect(complaint).toContain('PLATFORM_PROVIDERS');
    expect(complaint).not.toContain(SECRET);
  });
});

describe('the providers of the platform, at a start', () => {
  let test: TestIam;
  beforeEach(async () => {
    test = await anIam(() => ({ providerAdapters: inMemoryProviders() }));
  });

  const start = (...providers: object[]) =>
    applyPlatformProviders(test.iam, test.ports, saying(providers).platformProviders);
  const stored = (id = 'acme') =>
    test.ports.authProviderDirectory.byId(
      test.platform.id,
      id as AuthProviderState['id'],
    ) as Promise<AuthProviderState>;
  const trail = () => test.store.auditRecords().filter(({ entityType }) => entityType === 'provider');

  it('are made what the environment says, and their secrets are sealed', async () => {
    await start(ACME, { id: 'wallet', name: 'Wallet', type: 'wallet', chainIds: [1, 10] });
    const acme = await stored();
    expect(acme).toMatchObject({ name: 'Acme', type: 'oidc', clientId: 'castellan', enabled: true });
    expect(acme.clientSecret).not.toContain(SECRET);
    expect(providerConfiguration(acme, test.ports.secretBox).clientSecret).toBe(SECRET);
    expect((await stored('wallet')).chainIds).toEqual([1, 10]);
    expect(trail().map(({ action, actorId }) => [action, actorId])).toEqual([
      ['provider.configured', null],
      ['provider.configured', null],
    ]);
  });

  it('are not written where nothing changes, however often it starts', async () => {
    await start({ ...ACME, mapping: { email: 'mail', name: 'cn' } });
    const before = await stored();
    test.clock.advance(60);
    await start({ ...ACME, mapping: { name: 'cn', email: 'mail' } });
    expect(await stored()).toEqual(before);
    expect(trail()).toHaveLength(1);
  });

  it('change where the environment does, the secret too, and keep what it leaves out', async () => {
    await start({ ...ACME, enabled: false });
    await start({ ...ACME, clientSecret: 'another secret', scopes: ['openid'] });
    const acme = await stored();
    expect(acme).toMatchObject({ enabled: false, scopes: ['openid'] });
    expect(providerConfiguration(acme, test.ports.secretBox).clientSecret).toBe('another secret');
    expect(trail().at(-1)).toMatchObject({ action: 'provider.updated', metadata: { changed: ['clientSecret'] } });
  });

  it('are as one says when several start at the same time', async () => {
    await Promise.all(Array.from({ length: 16 }, () => start(ACME)));
    expect(await test.iam.providers.listProviders.execute(OPERATOR, test.platform.id)).toHaveLength(1);
    expect(trail()).toHaveLength(1);
  });

  it('are named when they are wrong: each, and why', async () => {
    await start(ACME);
    const providers = [
      { ...ACME, issuer: 'https://evil.example' },
      { id: 'No Slug', name: 'A', type: 'oidc' },
      { id: 'globex', name: 'Globex', type: 'carrier-pigeon' },
      { id: 'initech', name: 'Initech', type: 'oidc' },
    ];
    const complaint: ConfigError = await start(...providers).catch((error) => error);
    expect(complaint.name).toBe('ConfigError');
    expect(complaint.message).toContain('PLATFORM_PROVIDERS: acme: issuer cannot change; remove the provider first');
    expect(complaint.message).toContain('PLATFORM_PROVIDERS: No Slug: id must be a slug');
    expect(complaint.message).toContain('PLATFORM_PROVIDERS: globex: type is none that is served here');
    expect(complaint.message).toContain('PLATFORM_PROVIDERS: initech: clientId is needed');
    expect(complaint.message).not.toContain(SECRET);
  });

  it('cost no newcomer the password that is shown this once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'castellan-'));
    const said: string[] = [];
    const start = (providers: object[]) => {
      const PLATFORM_PROVIDERS = JSON.stringify(providers);
      const LOG_LEVEL = 'silent';
      const config = readConfig(true, { DATA_DIR: folder, PORT: String(port), LOG_LEVEL, PLATFORM_PROVIDERS });
      return startService(config, true, (text) => said.push(text));
    };
    const port = await freePort();
    await expect(start([{ ...ACME, type: 'carrier-pigeon' }])).rejects.toThrow('PLATFORM_PROVIDERS: acme: type');
    const [password = ''] = said.join('').match(/(?<=Password +)\S{20}/) ?? [];
    const service = await start([{ id: 'wallet', name: 'Wallet', type: 'wallet' }]);
    const login = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'owner@localhost', password }),
    });
    const offered = await (await fetch(`http://127.0.0.1:${port}/api/v1/auth/providers`)).json();
    await service.stop(0);
    await rm(folder, { recursive: true });
    expect(login.status).toBe(200);
    expect(offered).toEqual({ data: [{ id: 'wallet', name: 'Wallet', type: 'wallet' }] });
  });
});
