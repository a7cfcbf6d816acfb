import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { runCommand } from '../cli/run-command.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { anHttpServer } from '../support/http-server.ts';
import { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses } from '../support/redis-servers.ts';
import { MailServer } from '../support/smtp.ts';
import { aDatabaseBehind } from './canary/a-database.ts';
import { aWatchedProcess } from './canary/a-watched-process.ts';
import { Canaries } from './canary/canaries.ts';

const TIMEOUT = 180_000;
const OWNER = 'owner@example.test';

/** Wrong in every way that says what it was given, were it not careful. */
const wrongEnvironments = (canary: string): readonly Readonly<Record<string, string>>[] => [
  { DATABASE_URL: `mysql://user:${canary}@127.0.0.1/x` },
  { DATABASE_URL: `postgres://user:${canary}@127.0.0.1:1/none`, MASTER_KEY: randomBytes(32).toString('base64') },
  { REDIS_URL: `redis://user:${canary}@`, SMTP_URL: `http://user:${canary}@mail` },
  { MASTER_KEY: canary, MASTER_KEY_PREVIOUS: canary, METRICS_TOKEN: `${canary} `, PORT: canary },
  { PLATFORM_PROVIDERS: `[{"id":"acme","clientSecret":"${canary}"` },
  { PLATFORM_PROVIDERS: `[{"id":"acme","name":"Acme","type":"oidc","clientSekret":"${canary}"}]` },
  { PLATFORM_OWNER_PASSWORD: canary.slice(-11) },
];

const COMMANDS: readonly (readonly string[])[] = [
  ['doctor'],
  ['doctor', '--json'],
  ['project', 'list', '--json'],
  ['provider', 'list', '--json'],
  ['keys', 'list', '--json'],
  ['owner', 'unlock'],
  ['user', 'unlock', 'nobody@example.test'],
];

describeWithPostgres('the process of the service, and the command line', () => {
  describeWithRedisProcesses('with everything that they stand on going wrong', () => {
    const canaries = new Canaries();
    const told: Record<'log' | 'spans' | 'metrics' | 'records' | 'events' | 'commands', string> = {
      log: '',
      spans: '',
      metrics: '',
      records: '',
      events: '',
      commands: '',
    };

    beforeAll(async () => {
      const made = (kind: string) => canaries.made(kind);
      const [cachePassword, metricsToken] = [made('cache-password'), made('metrics-token')];
      await using database = await aDatabaseBehind(made('database-password'));
      const redis = await RedisProcess.start({ settings: ['--requirepass', cachePassword] });
      await using mail = await MailServer.start();
      // What should be JSON is the token itself.
      await using provider = await anHttpServer((_, answer) =>
        answer.writeHead(200, { 'Content-Type': 'application/json' }).end(made('token-of-a-provider')),
      );
      const PORT = String(await freePort());
      const url = `http://127.0.0.1:${PORT}`;
      const at = `http://127.0.0.1:${provider.port}`;
      const acme = { id: 'acme', name: 'Acme', type: 'oauth2', clientId: 'c', clientSecret: made('client-secret') };
      const endpoints = { authorizeUrl: `${at}/authorize`, tokenUrl: `${at}/token`, userinfoUrl: `${at}/me` };
      const environment = {
        PORT,
        DATABASE_URL: database.url,
        REDIS_URL: redis.url.replace('//', `//:${cachePassword}@`),
        SMTP_URL: mail.url.replace('//', `//castellan:${made('mail-password')}@`),
        MAIL_FROM: 'castellan@example.test',
        MASTER_KEY: canaries.is('master key', randomBytes(32).toString('base64')),
        METRICS_TOKEN: metricsToken,
        PLATFORM_OWNER_EMAIL: OWNER,
        PLATFORM_OWNER_PASSWORD: made('owner-password'),
        PLATFORM_PROVIDERS: JSON.stringify([{ ...acme, ...endpoints, mapping: { subject: 'id' } }]),
        ALLOW_PRIVATE_PROVIDERS: 'true',
        LOG_LEVEL: 'trace',
        DRAIN_SECONDS: '0',
      };
      await using service = await aWatchedProcess(environment, url);
      await database.query('create table told (event text)');
      await database.query(
        'create function tell() returns trigger language plpgsql as $$ begin insert into told values (new.event); return new; end $$',
      );
      await database.query('create trigger tells after insert on outbox for each row execute function tell()');

      const call = async (path: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
        canaries.in([body, headers]);
        const method = body === undefined ? 'GET' : 'POST';
        const init = {
          method,
          redirect: 'manual',
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        } as const;
        const answer = await fetch(`${url}/api/v1${path}`, {
          ...init,
          headers: { 'Content-Type': 'application/json', ...headers },
        });
        const said = await answer.text();
        const json = /json/.test(answer.headers.get('Content-Type') ?? '') ? JSON.parse(said) : undefined;
        canaries.in(json);
        return { status: answer.status, body: json };
      };
      const register = (name: string) =>
        call('/auth/register', { email: `${name}@example.test`, password: made('password') });
      const commands = async (given: Readonly<Record<string, string>>) => {
        for (const command of COMMANDS) {
          const { out, error } = await runCommand(given, ...command);
          told.commands += `${out}${error}\n`;
        }
      };

      // As it should be.
      expect((await register('ada')).status).toBe(201);
      await mail.waitForMail('ada@example.test');
      expect((await call('/auth/login', { email: OWNER, password: made('wrong-password') })).status).toBe(401);
      const password = environment.PLATFORM_OWNER_PASSWORD;
      const { body } = await call('/auth/login', { email: OWNER, password });
      const bearer = { Authorization: `Bearer ${body.accessToken}`, 'Idempotency-Key': made('idempotency-key') };
      expect((await call('/projects', { name: 'Shop', settings: { signingAlgorithm: 'ES256' } }, bearer)).status).toBe(
        201,
      );
      await commands(environment);

      // A provider that answers what nobody can read, and a mail server that says why not.
      const { body: started } = await call('/auth/login/acme', {});
      const back = new URLSearchParams({ code: made('code-of-a-provider'), state: started.state });
      await call(`/auth/callback/acme?${back}`, undefined, { 'X-Verifier': started.verifier });
      mail.behaviour = { refuse: 554 };
      await call('/auth/request-reset', { email: 'ada@example.test' });

      // What is thrown: a table that is not there, and what it is no value for.
      await database.query('alter table recovery_codes rename to gone');
      expect((await register('bob')).status).toBe(500);
      await database.query('alter table gone rename to recovery_codes');

      // A cache that is gone, then one that knows another password; then a database that does.
      await redis.kill();
      await register('cleo');
      await using stranger = await RedisProcess.start({ port: redis.port, settings: ['--requirepass', 'another'] });
      await register('dan');
      const page = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${metricsToken}` } });
      told.metrics = (await page.text()).replaceAll(/ [\d.e+-]+$/gm, '');
      const rows = await database.query('select row_to_json(r)::text as row from audit_records r');
      told.records = rows.map(({ row }) => row).join('\n');
      told.events = (await database.query('select event from told')).map(({ event }) => event).join('\n');
      await database.shutOut();
      expect((await register('eve')).status).toBe(503);
      await commands(environment);
      for (const wrong of wrongEnvironments(made('environment'))) await commands(wrong);
      Object.assign(told, await service.over());
      expect(stranger.port).toBe(redis.port);
    }, TIMEOUT);

    it.each([
      [
        'log',
        ['a request failed', 'Redis does not answer', 'a provider was not asked, or not believed', 'reaction-failed'],
      ],
      ['spans', ['POST /api/v1/auth/register', 'GET /api/v1/auth/callback/:providerId', 'outbox user-registered']],
      ['metrics', ['castellan_http_refusals_total', '/api/v1/auth/register']],
      ['records', ['auth.login.failed', 'platform.installed']],
      ['events', ['password-reset-requested']],
      ['commands', ['"healthy":true', 'MASTER_KEY', 'PLATFORM_PROVIDERS', '_canary"']],
    ] as const)('tell %s what happened, and no secret', (where, expected) => {
      for (const text of expected) expect(told[where]).toContain(text);
      expect(canaries.toldBy(told[where])).toEqual([]);
    });

    it('write one line of JSON for each, or a message for people', () => {
      const lines = told.log.split('\n').filter((line) => line.startsWith('{'));
      expect(lines.length).toBeGreaterThan(20);
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
    });
  });
});
