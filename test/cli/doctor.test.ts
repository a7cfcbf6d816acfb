import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { clockFinding } from '../../src/adapters/container/doctor/clock-finding.ts';
import { configurationFindings } from '../../src/adapters/container/doctor/configuration-findings.ts';
import type { Finding } from '../../src/adapters/container/doctor/finding.ts';
import { watchingFindings } from '../../src/adapters/container/doctor/watching-findings.ts';
import { examinePooling } from '../../src/adapters/persistence/index.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { aContainer } from '../isolation/containers.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedis, describeWithRedisProcesses, sharedRedis } from '../support/redis-servers.ts';
import { MailServer } from '../support/smtp.ts';
import { anInstallation, type Installation } from './an-installation.ts';
import { runCommand } from './run-command.ts';

const MASTER_KEY = randomBytes(32).toString('base64');

/** What is not well, and how the command ends. */
async function examined(environment: Readonly<Record<string, string>>) {
  const { code, json, error } = await runCommand(environment, 'doctor', '--json');
  expect(error).toBe('');
  const checks = json.checks as readonly Finding[];
  for (const { status, advice } of checks) expect(advice === null).toBe(status === 'ok');
  expect(json.healthy).toBe(code === 0);
  const unwell = checks.filter(({ status }) => status !== 'ok');
  return { code, checks, unwell: unwell.map(({ check, status }) => `${status} ${check}`) };
}

describeWithPostgres('the doctor', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation[Symbol.asyncDispose]());

  const examine = (more: Readonly<Record<string, string>> = {}) => examined({ ...installation.environment, ...more });

  it('finds nothing where nothing is wrong, and sends no mail', async () => {
    await using mail = await MailServer.start();
    const { code, checks, unwell } = await examine({ SMTP_URL: mail.url, MAIL_FROM: 'castellan@example.test' });

    expect([code, unwell]).toEqual([0, []]);
    expect(checks.map(({ check }) => check)).toEqual([
      'configuration',
      'public-url',
      'proxies',
      'metrics',
      'traces',
      'database',
      'database-clock',
      'pooler',
      'migrations',
      'platform',
      'signing-keys',
      'master-key',
      'cache',
      'mail',
    ]);
    expect(mail.received).toEqual([]);
  });

  it('says it to people, one line each, and what to do below', async () => {
    const { code, out } = await installation.run('doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}database {8}PostgreSQL \d+\.\d+ answers\.$/m);

    const wrong = await runCommand({ ...installation.environment, MASTER_KEY }, 'doctor');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^fail {2}master-key .*\n {22}-> Start with the master key/m);
  });

  it('tells a master key that opens nothing from one that is being rotated', async () => {
    expect(await examine({ MASTER_KEY })).toMatchObject({ code: 1, unwell: ['fail master-key'] });
    const rotating = { MASTER_KEY, MASTER_KEY_PREVIOUS: installation.environment.MASTER_KEY };
    expect(await examine(rotating)).toMatchObject({ code: 0, unwell: ['warn master-key'] });
  });

  it('says what still needs the master key before the present one, and when that can go', async () => {
    await using mine = await anInstallation();
    const { id: projectId } = mine.platform;
    const input = { projectId, name: 'Server', permissions: ['auth'] } as const;
    const { key } = await mine.iam.projects.createApiKey.execute(OPERATOR, input);
    await mine.iam.audit.sealAuditRecords.execute(1_000);
    const exchanging = { ...mine.environment, MASTER_KEY, MASTER_KEY_PREVIOUS: mine.environment.MASTER_KEY };
    const masterKey = async (environment: Readonly<Record<string, string>>) =>
      (await examined(environment)).checks.find(({ check }) => check === 'master-key');
    expect(await masterKey(exchanging)).toMatchObject({
      status: 'warn',
      message: 'MASTER_KEY_PREVIOUS is still needed: sealed secrets (2), audit chains (2), API keys (1).',
    });

    {
      await using container = await aContainer(exchanging);
      const { sealing, projects } = container.iam;
      await sealing.resealSecrets.execute();
      await sealing.attestHeadsAnew.execute();
      expect(await masterKey(exchanging)).toMatchObject({
        message: 'MASTER_KEY_PREVIOUS is still needed: API keys (1).',
      });
      await projects.authenticateApiKey.execute({ projectId, key });
    }
    expect(await masterKey(exchanging)).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/can go 7 days after/),
    });
    expect(await masterKey({ ...mine.environment, MASTER_KEY })).toMatchObject({ status: 'ok' });
    expect(await masterKey(mine.environment)).toMatchObject({ status: 'fail' });

    await mine.database.execute(sql`update signing_keys set stage = 'retired'`);
    await mine.database.execute(sql`delete from signing_keys`);
    expect(await masterKey(mine.environment)).toMatchObject({
      status: 'warn',
      message: 'API keys (1) are stored by another master key: they open nothing.',
    });
  });

  it('has nothing to say of a master key that others may have already', async () => {
    expect(await examine({ MASTER_KEY_NEXT: MASTER_KEY })).toMatchObject({ code: 0, unwell: [] });
  });

  it('finds keys that have signed for too long, as the service is told', async () => {
    await using old = await anInstallation({ days: 92 });
    expect(await examined(old.environment)).toMatchObject({ code: 0, unwell: ['warn signing-keys'] });
    expect(await examined({ ...old.environment, SIGNING_KEY_DAYS: '92' })).toMatchObject({ unwell: [] });
    await old.run('keys', 'rotate');
    expect(await examined(old.environment)).toMatchObject({ unwell: [] });
  });

  it('finds a project that has no key to follow, which a rotation makes', async () => {
    await using mine = await anInstallation();
    await mine.database.execute(sql`delete from signing_keys where stage = 'next'`);
    const { code, unwell } = await examined(mine.environment);
    expect([code, unwell]).toEqual([1, ['fail signing-keys']]);
    expect((await mine.run('keys', 'rotate')).code).toBe(1);
    expect(await examined(mine.environment)).toMatchObject({ code: 0, unwell: [] });
  });

  it('finds a signing key that was changed at rest', async () => {
    await using mine = await anInstallation();
    await mine.database.execute(sql`
      update signing_keys set sealed_private_jwk = left(sealed_private_jwk, -2) || 'AA' where stage = 'next'
    `);
    expect(await examined(mine.environment)).toMatchObject({ code: 1, unwell: ['fail signing-keys'] });
  });

  it('finds a schema that is not up to date, and a platform that is not installed', async () => {
    const { url: DATABASE_URL } = await freshDatabase();
    const environment = { DATABASE_URL, MASTER_KEY };
    expect(await examined(environment)).toMatchObject({ code: 1, unwell: ['fail migrations'] });

    await runCommand(environment, 'migrate');
    expect(await examined(environment)).toMatchObject({ code: 0, unwell: ['warn platform'] });
  });
});

describe('the doctor of a service that cannot work', () => {
  it('names everything that does not answer, and no password', async () => {
    const environment = {
      DATABASE_URL: 'postgres://castellan:s3cret@127.0.0.1:1/castellan',
      REDIS_URL: 'redis://:s3cret@127.0.0.1:1',
      SMTP_URL: 'smtp://castellan:s3cret@127.0.0.1:1',
      MAIL_FROM: 'castellan@example.test',
      MASTER_KEY,
    };
    const { code, checks, unwell } = await examined(environment);

    expect([code, unwell]).toEqual([1, ['fail database', 'fail cache', 'fail mail']]);
    for (const { message } of checks.slice(-3)) expect(message).toMatch(/127\.0\.0\.1:1\b/);
    expect(JSON.stringify(checks)).not.toContain('s3cret');
  });

  it('names every variable that is wrong', async () => {
    const { code, checks } = await examined({ PORT: 'none', LOG_LEVEL: 'loud' });
    expect(code).toBe(1);
    expect(checks.map(({ check, message }) => [check, message.split(':')[0]])).toEqual([
      ['configuration', 'PORT'],
      ['configuration', 'LOG_LEVEL'],
    ]);
  });

  it.each([
    [{}, []],
    [{ PUBLIC_URL: 'http://iam.example' }, ['warn public-url']],
    [{ PUBLIC_URL: 'https://iam.example' }, ['warn proxies']],
    [{ PUBLIC_URL: 'https://iam.example', TRUSTED_PROXIES: '10.0.0.7' }, []],
    [{ PUBLIC_URL: 'https://iam.example', TRUSTED_PROXIES: '10.0.0.7,0.0.0.0/0' }, ['fail proxies']],
    [{ PUBLIC_URL: 'https://iam.example', TRUSTED_PROXIES: '::/0' }, ['fail proxies']],
    [{ HOST: '0.0.0.0' }, ['fail public-url']],
    [{ HOST: '::' }, ['fail public-url']],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://iam.example', TRUSTED_PROXIES: '10.0.0.0/8' }, []],
  ])('sees how it is reached: %j', (environment, unwell) => {
    const mail = { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'castellan@example.test' };
    const config = readConfig(false, { DATABASE_URL: 'postgres://db/x', MASTER_KEY, ...mail, ...environment });
    const found = configurationFindings(config).filter(({ status }) => status !== 'ok');
    expect(found.map(({ check, status }) => `${status} ${check}`)).toEqual(unwell);
  });

  it.each([
    [{}, []],
    [{ METRICS_TOKEN: 'a-token-of-prometheus' }, []],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, ['warn traces']],
  ])('sees who may see how the service is, and whether its spans go anywhere: %j', (environment, unwell) => {
    const mail = { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'castellan@example.test' };
    const config = readConfig(false, { DATABASE_URL: 'postgres://db/x', MASTER_KEY, ...mail, ...environment });
    const found = watchingFindings(config).filter(({ status }) => status !== 'ok');
    expect(found.map(({ check, status }) => `${status} ${check}`)).toEqual(unwell);
  });

  it.each([
    [0, 'ok'],
    [-999, 'ok'],
    [1000, 'warn'],
    [-29_999, 'warn'],
    [30_000, 'fail'],
    [-86_400_000, 'fail'],
  ])('takes a clock that is %d ms ahead for: %s', (aheadMs, status) => {
    expect(clockFinding('database-clock', 'the database', aheadMs).status).toBe(status);
  });
});

describeWithPostgres('what stands before the database', () => {
  it('is seen to keep sessions and statements where there is nothing', async () => {
    const { url } = await freshDatabase();
    expect(await examinePooling({ connectionString: url })).toEqual({ byTransaction: false, keepsStatements: true });
  });
});

const cacheOf = async (REDIS_URL: string) => {
  const { checks } = await examined({ DATABASE_URL: 'postgres://127.0.0.1:1/none', MASTER_KEY, REDIS_URL });
  return checks.filter(({ check }) => check.startsWith('cache'));
};

describeWithRedis('the doctor and a Redis', () => {
  it('finds it well, and its clock', async () => {
    expect(await cacheOf(sharedRedis())).toMatchObject([
      { check: 'cache', status: 'ok', message: expect.stringMatching(/^(?:Redis) \d+\.\d+/) },
      { check: 'cache-clock', status: 'ok' },
    ]);
  });

  it('is not taken for a cluster', async () => {
    const nodes = [sharedRedis(), `${sharedRedis()}/0`].join(',');
    const [finding] = await cacheOf(nodes);
    expect(finding).toMatchObject({ status: 'fail', message: expect.stringContaining('no node of a cluster') });
  });
});

describeWithRedisProcesses('the doctor and a Redis that evicts nothing', () => {
  it('warns of the day when it is full', async () => {
    await using server = await RedisProcess.start({ settings: ['--maxmemory', '64mb'] });
    const [finding] = await cacheOf(server.url);
    expect(finding).toMatchObject({ status: 'warn', advice: expect.stringContaining('allkeys-lru') });
  });
});
