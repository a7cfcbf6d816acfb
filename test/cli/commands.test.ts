import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presentProject, presentSigningKey } from '../../src/adapters/http/v1/presenters.ts';
import * as contract from '../../src/adapters/http/v1/project-contract.ts';
import { User } from '../../src/adapters/http/v1/user-contract.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { answerOf, WRONG_CODE } from '../application/recovery-person.ts';
import { aConnectedReplica, WITHIN_TWO_SECONDS } from '../redis/replica.ts';
import { at, OWNER_EMAIL, PASSWORD } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { anInstallation, type Installation } from './an-installation.ts';
import { runCommand } from './run-command.ts';

const HOUR = 60 * 60;
const NOBODY = '01910000-0000-7000-8000-000000000009';

/** One line, which is not that of a stack. */
const ONE_LINE = /^(?!\s*at )[^\n]+\n$/;

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

describeWithPostgres('the command line', () => {
  let installation: Installation;
  let project: ProjectState;
  beforeAll(async () => {
    installation = await anInstallation();
    const settings = { v1Enabled: true, emailVerificationRequired: false, signingAlgorithm: 'ES256' } as const;
    project = await installation.iam.projects.createProject.execute(OPERATOR, { name: 'Observatory', settings });
  });
  afterAll(() => installation[Symbol.asyncDispose]());

  const run = (...args: readonly string[]) => installation.run(...args);

  describe('for providers', () => {
    const SECRET = 'the-secret-of-acme';
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'castellan-test-providers-'));
    });
    afterAll(() => rm(folder, { recursive: true }));
    async function fileOf(content: string): Promise<string> {
      const file = join(folder, 'provider.json');
      await writeFile(file, content);
      return file;
    }
    const acme = { id: 'acme', name: 'Acme', type: 'oidc', issuer: 'https://id.example.test', clientId: 'castellan' };
    const of = () => ['--project', project.id] as const;

    it('configures one from a file, lists it as the API does without its secret, switches it and removes it', async () => {
      const file = await fileOf(JSON.stringify({ ...acme, clientSecret: SECRET }));
      const made = await run('provider', 'create', file, ...of(), '--json');
      expect([made.code, made.error]).toEqual([0, '']);
      expect(made.json).toMatchObject({ ...acme, enabled: true });
      const listed = await run('provider', 'list', ...of(), '--json');
      expect(listed.json).toEqual({ data: [made.json] });
      expect(made.out + listed.out).not.toContain(SECRET);

      expect((await run('provider', 'disable', 'acme', ...of(), '--json')).json.enabled).toBe(false);
      expect((await run('provider', 'enable', 'acme', ...of())).out).toMatch(/^acme +oidc +on +Acme$/m);
      expect((await run('provider', 'remove', 'acme', ...of())).code).toBe(0);
      expect((await run('provider', 'list', ...of(), '--json')).json).toEqual({ data: [] });
    });

    it('refuses what is none in one line, and shows nothing of it', async () => {
      const missing = await run('provider', 'create', join(folder, 'nothing.json'), ...of());
      const broken = await run('provider', 'create', await fileOf(`{"clientSecret":"${SECRET}"`), ...of());
      const incomplete = await run('provider', 'create', await fileOf(JSON.stringify({ ...acme, issuer: 7 })), ...of());
      const unknown = await run('provider', 'disable', 'nobody', ...of());
      expect([missing.code, broken.code, incomplete.code, unknown.code]).toEqual([1, 1, 2, 1]);
      for (const { error } of [missing, broken, incomplete, unknown]) {
        expect(error).toMatch(ONE_LINE);
        expect(error).not.toContain(SECRET);
      }
      expect(unknown.error).toContain('castellan provider list');
    });
  });

  describe('for projects', () => {
    it('makes one, shows it and lists it, as the API does', async () => {
      const settings = JSON.stringify({ userLimit: 5000, signingAlgorithm: 'ES256' });
      const made = await run('project', 'create', 'Shop', '--settings', settings, '--json');
      expect([made.code, made.error]).toEqual([0, '']);
      contract.Project.strict().parse(made.json);
      expect(made.json.settings.userLimit).toBe(5000);

      const state = await installation.iam.projects.readProject.execute(OPERATOR, made.json.id);
      expect(made.json).toEqual(asJson(presentProject(state)));
      expect((await run('project', 'show', state.id, '--json')).json).toEqual(made.json);
      const { data, pagination } = (await run('project', 'list', '--json')).json;
      expect(data).toContainEqual(made.json);
      expect(pagination).toEqual({ nextCursor: null, hasMore: false });
    });

    it('says it to people, too', async () => {
      const { code, out } = await run('project', 'list');
      expect(code).toBe(0);
      expect(out).toMatch(/^ID +CREATED +NAME$/m);
      expect(out).toMatch(new RegExp(`^${project.id} .* Observatory$`, 'm'));
      expect((await run('project', 'show')).out).toContain(installation.platform.id);
    });

    it('shows nothing that steers the terminal', async () => {
      const name = 'Evil\u001b[2J';
      const { id } = await installation.iam.projects.createProject.execute(OPERATOR, {
        name,
        settings: { signingAlgorithm: 'ES256' },
      });
      expect((await run('project', 'show', id)).out).toMatch(/^Name +Evil\ufffd\[2J$/m);
      expect((await run('project', 'show', id, '--json')).json.name).toBe(name);
      expect((await run('user', 'unlock', NOBODY, '--project', id)).error).toContain('Evil\ufffd[2J');
    });

    it.each([
      ['', '{}', 'name must have at least 1 characters'],
      ['Shop', '{"userLimit": "many"}', 'settings.userLimit must be of type'],
      ['Shop', '{"refreshGraceSeconds": 61}', 'settings.refreshGraceSeconds'],
    ])('takes what the API takes, and nothing else: %j %s', async (name, settings, why) => {
      const { code, out, error } = await run('project', 'create', name, '--settings', settings);
      expect([code, out]).toEqual([2, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toContain(why);
    });

    it.each([NOBODY, 'nonsense'])('says that there is none: %s', async (id) => {
      const { code, out, error } = await run('project', 'show', id);
      expect([code, out]).toEqual([1, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toContain('castellan project list');
    });
  });

  describe('for API keys', () => {
    const create = (...more: readonly string[]) =>
      run('api-key', 'create', 'Web', '--project', project.id, '--permission', 'auth', ...more);
    const opens = (key: string) =>
      answerOf(installation.iam.projects.authenticateApiKey.execute({ projectId: project.id, key }));

    it('makes one that opens, lists it without the key, and revokes it', async () => {
      const made = (await create('--permission', 'client-address', '--expires', '2100-01-31T12:00:00Z', '--json')).json;
      contract.CreatedApiKey.strict().parse(made);
      expect(made).toMatchObject({ permissions: ['auth', 'client-address'], expiresAt: '2100-01-31T12:00:00.000Z' });
      expect(await opens(made.key)).toBe('done');

      const { key, ...shown } = made;
      const listed = await run('api-key', 'list', '--project', project.id, '--json');
      expect(listed.json.data).toContainEqual(shown);
      expect(listed.out).not.toContain(key);

      const revoked = await run('api-key', 'revoke', made.id, '--project', project.id, '--json');
      expect(revoked).toMatchObject({ code: 0, out: '', error: '' });
      installation.clock.advance(3);
      expect(await opens(key)).toBe('invalid-api-key');
      expect((await run('api-key', 'list', '--project', project.id)).out).toMatch(
        new RegExp(`^${made.id} .* revoked `, 'm'),
      );
    });

    it('shows the key once', async () => {
      const { out } = await create();
      const [, key = ''] = /^Key +(ck_\S+) .*once/m.exec(out) ?? [];
      expect(await opens(key)).toBe('done');
      expect((await run('api-key', 'list', '--project', project.id)).out).not.toContain(key);
    });

    it.each([
      ['--permission', 'everything', 'permissions.1'],
      ['--expires', 'tomorrow', 'expiresAt'],
    ])('refuses %s %s', async (option, value, why) => {
      expect(await create(option, value)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(why) });
    });

    it('says that there is none', async () => {
      for (const id of [NOBODY, 'nonsense']) {
        const { code, error } = await run('api-key', 'revoke', id, '--project', project.id);
        expect(code).toBe(1);
        expect(error).toMatch(ONE_LINE);
      }
    });
  });

  describe('for signing keys', () => {
    const keys = (...args: readonly string[]) => run('keys', ...args, '--project', project.id);
    const stages = async () => {
      const { data } = (await keys('list', '--json')).json;
      for (const key of data) contract.SigningKey.strict().parse(key);
      return data.map(({ stage }: { readonly stage: string }) => stage).toSorted();
    };

    it('rotates them, says when it is too soon for the next time, and removes one', async () => {
      const { iam } = installation;
      const rotated = await keys('rotate', '--json');
      expect(rotated.code).toBe(0);
      const listed = await iam.projects.listSigningKeys.execute(OPERATOR, project.id);
      expect(rotated.json.keys).toHaveLength(3);
      expect(rotated.json.keys).toEqual(expect.arrayContaining(asJson(listed.map(presentSigningKey))));
      expect(await stages()).toEqual(['current', 'next', 'previous']);

      const again = await keys('rotate');
      expect([again.code, again.out]).toEqual([1, '']);
      expect(again.error).toMatch(ONE_LINE);
      const [, seconds, moment = ''] = /Try again in (\d+) s, at (\S+Z)\./.exec(again.error) ?? [];
      expect(Number(seconds)).toBeGreaterThan(200);
      expect(new Date(moment).getTime()).toBeGreaterThan(Date.now());

      const leading = await run('keys', 'remove', '--project', project.id, '--', '-unheard-of');
      expect(leading).toMatchObject({ code: 1, error: expect.stringContaining('no signing key -unheard-of') });
      const previous = listed.find(({ stage }) => stage === 'previous')?.kid ?? '';
      // One in 64 begins with a hyphen.
      const remove = (...options: readonly string[]) =>
        run('keys', 'remove', '--project', project.id, ...options, '--', previous);
      expect(await remove('--json')).toMatchObject({ code: 0, out: '', error: '' });
      expect(await stages()).toEqual(['current', 'next']);
      expect(await remove()).toMatchObject({ code: 1, error: expect.stringMatching(ONE_LINE) });
    });

    it('are those of the platform where no project is named', async () => {
      const { data } = (await run('keys', 'list', '--json')).json;
      const listed = await installation.iam.projects.listSigningKeys.execute(OPERATOR, installation.platform.id);
      expect(data).toEqual(asJson(listed.map(presentSigningKey)));
    });
  });

  describe('for accounts', () => {
    const visitor = (of: ProjectState) => at(of, 'v1');
    const guess = (of: ProjectState, email: string) =>
      answerOf(installation.iam.recovery.recover.execute(visitor(of), { email, recoveryCode: WRONG_CODE }));
    const signIn = (of: ProjectState, email: string) =>
      answerOf(installation.iam.authentication.login.execute(visitor(of), { email, password: PASSWORD }));

    async function fifteenWrongCodes(of: ProjectState, email: string): Promise<void> {
      for (let wrong = 0; wrong < 15; wrong += 1) {
        if (wrong % 5 === 0) installation.clock.advance(HOUR);
        await guess(of, email);
      }
    }

    it.each(['email', 'id'] as const)('opens one that wrong codes have locked, named by its %s', async (by) => {
      const email = anEmail();
      const registering = { email, password: PASSWORD };
      const { user } = await installation.iam.authentication.register.execute(visitor(project), registering);
      await fifteenWrongCodes(project, email);
      expect(await signIn(project, email)).toBe('account-locked');

      const named = by === 'email' ? email.toUpperCase() : user.id;
      const opened = await run('user', 'unlock', named, '--project', project.id, '--json');

      expect([opened.code, opened.error]).toEqual([0, '']);
      User.strict().parse(opened.json);
      const place = { tenantId: project.rootTenantId, roles: ['user'] };
      expect(opened.json).toMatchObject({ id: user.id, email, status: 'active', ...place });
      expect(await signIn(project, email)).toBe('done');
      expect(await guess(project, email)).toBe('invalid-credentials');
    });

    it('opens the recovery of the owner of the platform', async () => {
      await fifteenWrongCodes(installation.platform, OWNER_EMAIL);
      expect(await guess(installation.platform, OWNER_EMAIL)).toBe('account-locked');

      const { code, out } = await run('owner', 'unlock');

      expect(code).toBe(0);
      expect(out).toContain(`${OWNER_EMAIL} of Castellan can recover again`);
      expect(await guess(installation.platform, OWNER_EMAIL)).toBe('invalid-credentials');
    });

    it.each([['nobody@example.test'], [NOBODY]])('knows no %s', async (named) => {
      const { code, out, error } = await run('user', 'unlock', named);
      expect([code, out]).toEqual([1, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toContain(named);
    });

    it('refuses an address that is none', async () => {
      expect(await run('user', 'unlock', 'nonsense')).toMatchObject({
        code: 2,
        error: expect.stringContaining('email'),
      });
    });

    it('makes no second owner, and says who it is', async () => {
      const { code, out, error } = await run('owner', 'create', '--email', 'other@example.test');
      expect([code, out]).toEqual([1, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toContain(OWNER_EMAIL);
    });
  });
});

describeWithPostgres('the command line beside a service', () => {
  describeWithRedis('that has a Redis', () => {
    let installation: Installation;
    beforeAll(async () => {
      installation = await anInstallation();
    });
    afterAll(() => installation[Symbol.asyncDispose]());
    const unlock = (REDIS_URL: string) =>
      runCommand({ ...installation.environment, REDIS_URL }, 'owner', 'unlock', '--json');

    it('lets it know what was changed', async () => {
      await using replica = await aConnectedReplica([sharedRedis()]);
      const { code, error, json } = await unlock(sharedRedis());
      expect([code, error]).toEqual([0, '']);
      await expect.poll(() => replica.heard, WITHIN_TWO_SECONDS).toContainEqual({ userId: json.id });
    });

    it('works without one that is gone, and says that the change is seen late', async () => {
      const { code, error, json } = await unlock('redis://127.0.0.1:1');
      expect([code, json.email]).toEqual([0, OWNER_EMAIL]);
      expect(error).toMatch(/^Redis does not answer[^\n]*\n$/);
    });
  });
});

describeWithPostgres('the command line before there is a platform', () => {
  let folder: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-cli-'));
    const { url: DATABASE_URL } = await freshDatabase();
    environment = { DATABASE_URL, MASTER_KEY: randomBytes(32).toString('base64'), DATA_DIR: folder };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (...args: readonly string[]) => runCommand(environment, ...args);

  it('migrates when it is told to, and not before', async () => {
    const early = await run('project', 'list');
    expect([early.code, early.out]).toEqual([1, '']);
    expect(early.error).toMatch(ONE_LINE);
    expect(early.error).toContain('castellan migrate');

    const migrated = await run('migrate', '--json');
    expect(migrated.code).toBe(0);
    expect(migrated.json.applied[0]).toBe('0000_initial');
    expect((await run('migrate', '--json')).json).toEqual({ applied: [] });
    expect((await run('migrate')).out).toContain('up to date');
  });

  it('says that there is no platform, and makes its owner', async () => {
    const early = await run('keys', 'list');
    expect(early).toMatchObject({ code: 1, out: '', error: expect.stringContaining('castellan owner create') });

    const made = await run('owner', 'create', '--email', 'you@example.test', '--json');
    expect([made.code, made.error]).toEqual([0, '']);
    User.strict().parse(made.json);
    expect(made.json).toMatchObject({ email: 'you@example.test', roles: ['owner'], emailVerified: true });
    const password = await readFile(join(folder, 'owner-password'), 'utf8');
    expect(password.trim().length).toBeGreaterThan(15);
    expect(made.out).not.toContain(password.trim());
  });

  it('does nothing with another master key than the one that everything is sealed under', async () => {
    const other = { ...environment, MASTER_KEY: randomBytes(32).toString('base64') };
    const { code, out, error } = await runCommand(other, 'project', 'list');
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(ONE_LINE);
    expect(error).toContain('MASTER_KEY is not the one that the database was sealed under');
    const exchanged = { ...other, MASTER_KEY_PREVIOUS: environment.MASTER_KEY ?? '' };
    expect(await runCommand(exchanged, 'project', 'list')).toMatchObject({ code: 0, error: '' });
  });

  it('says what the database says, and where to look', async () => {
    const other = { ...environment, DATABASE_URL: environment.DATABASE_URL?.replace(/[^/]*$/, 'nowhere') ?? '' };
    const { code, error } = await runCommand(other, 'migrate');
    expect(code).toBe(1);
    expect(error).toMatch(/^The database refuses: .*"nowhere" does not exist\. .*castellan doctor\n$/);
  });

  it('says that nobody answers, and where to look', async () => {
    const nowhere = { ...environment, DATABASE_URL: 'postgres://127.0.0.1:1/none' };
    for (const command of [['project', 'list'], ['migrate']]) {
      const { code, out, error } = await runCommand(nowhere, ...command);
      expect([code, out]).toEqual([1, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toMatch(/ECONNREFUSED.*castellan doctor/);
    }
  });
});
