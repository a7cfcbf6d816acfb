import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { answerOf } from '../application/recovery-person.ts';
import { at, from, PASSWORD } from '../support/an-iam.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { anEmail, anId } from '../support/builders.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { anInstallation, type Installation } from './an-installation.ts';

const ONE_LINE = /^(?!\s*at )[^\n]+\n$/;
const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const MOST_BYTES = 64 * 1024;

describeWithPostgres('castellan users', () => {
  let installation: Installation;
  let folder: string;
  let passwordHash: string;
  let project: ProjectState;
  beforeAll(async () => {
    [installation, folder, passwordHash] = await Promise.all([
      anInstallation(),
      mkdtemp(join(tmpdir(), 'castellan-test-users-')),
      bcrypt(PASSWORD, 4),
    ]);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await installation[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    project = await aProject();
  });

  const aProject = (): Promise<ProjectState> =>
    installation.iam.projects.createProject.execute(OPERATOR, {
      name: 'Observatory',
      settings: { v1Enabled: true, emailVerificationRequired: false, signingAlgorithm: 'ES256' },
    });
  const path = (name: string) => join(folder, name);
  const ndjson = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const aPerson = (given: object = {}) => ({ email: anEmail(), emailVerified: true, passwordHash, ...given });
  const people = (count: number, given: object = {}) => Array.from({ length: count }, () => aPerson(given));

  async function fileOf(content: string | Buffer, name = 'users.ndjson'): Promise<string> {
    await writeFile(path(name), content);
    return path(name);
  }
  const run = (...args: readonly string[]) => installation.run('users', ...args);
  const imported = async (content: string | Buffer, ...more: readonly string[]) =>
    run('import', await fileOf(content), '--project', project.id, ...more);
  const exported = (...args: readonly string[]) => run('export', ...args, '--project', project.id);
  const linesIn = async (file: string) => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const signIn = (email: string, mfaCode?: string, of = project) =>
    answerOf(installation.iam.authentication.login.execute(at(of, 'v1'), { email, password: PASSWORD, mfaCode }));
  const recorded = async (action: string): Promise<readonly unknown[]> => {
    const found = await installation.database.execute<{ metadata: unknown }>(
      sql`select metadata from audit_records where project_id = ${project.id} and action = ${action} order by id`,
    );
    return found.map(({ metadata }) => (typeof metadata === 'string' ? JSON.parse(metadata) : metadata));
  };

  describe('import', () => {
    it('brings people in who sign in with the password that they have', async () => {
      const all = people(250);
      const { code, out, error } = await imported(ndjson(all));
      expect([code, error]).toEqual([0, '']);
      expect(out).toMatch(/^Lines +250\nImported +250\nThere already +0\nRefused +0\n$/);
      expect(await signIn(all[249]?.email ?? '')).toBe('done');
      expect(await recorded('user.imported')).toHaveLength(250);
    });

    it('lets sixteen in at once on the hash that they came with, and one of them brings a new one', async () => {
      const person = aPerson();
      await imported(ndjson([person]));
      const stored = async () => {
        const [row] = await installation.database.execute<{ password_hash: string; version: number }>(
          sql`select password_hash, version from users where project_id = ${project.id}`,
        );
        return row;
      };
      expect(await stored()).toEqual({ password_hash: passwordHash, version: 1 });
      const { login } = installation.iam.authentication;
      const { refused } = await sixteenAtOnce((index) =>
        login.execute(at(project, 'v1', from(`192.0.2.${index}`)), { email: person.email, password: PASSWORD }),
      );
      expect(refused).toEqual([]);
      expect(await stored()).toEqual({ password_hash: expect.stringMatching(/^\$argon2id\$/), version: 2 });
    });

    it('says the same in JSON', async () => {
      const { code, json, error } = await imported(ndjson([...people(2), { email: 'none' }]), '--json');
      expect([code, error]).toEqual([1, '']);
      expect(json).toEqual({
        dryRun: false,
        lines: 3,
        imported: 2,
        present: 0,
        refused: 1,
        provisional: 0,
        refusals: [{ line: 3, code: 'validation-error', message: 'email is not a valid email address' }],
      });
    });

    it('says of every line that is refused which it was, and why, and brings in the others', async () => {
      const email = anEmail();
      const long = JSON.stringify(aPerson({ metadata: { long: 'x'.repeat(MOST_BYTES) } }));
      const lines = [
        JSON.stringify(aPerson({ email })),
        '',
        '{"email": ',
        long,
        JSON.stringify(aPerson({ email: email.toUpperCase() })),
        JSON.stringify(aPerson({ pasword: 'x', colour: 'red' })),
        JSON.stringify(aPerson({ roles: ['owner'] })),
        JSON.stringify(aPerson({ firstName: '\u001b[2J' })),
        '   ',
        '["not", "a", "person"]',
        JSON.stringify(aPerson({ metadata: { nul: 'a\0b' } })),
        JSON.stringify(aPerson()),
      ];
      const file = await fileOf(Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from('\n"\xff"', 'latin1')]));
      const report = path('refused.ndjson');

      const { code, out } = await run('import', file, '--project', project.id, '--report', report);

      expect(code).toBe(1);
      const refused = (await linesIn(report)).map((line) => JSON.parse(line));
      expect(refused.map(({ line, code: why }) => [line, why])).toEqual([
        [3, 'malformed-line'],
        [4, 'line-too-long'],
        [5, 'repeated'],
        [6, 'validation-error'],
        [7, 'owner-protected'],
        [8, 'validation-error'],
        [10, 'validation-error'],
        [11, 'validation-error'],
        [13, 'malformed-line'],
      ]);
      expect(refused[2].message).toBe('is on line 1, too');
      expect(refused[3].message).toBe('must not have pasword, colour');
      for (const { line, message, code: why } of refused) expect(out).toContain(`line ${line}: ${message} (${why})\n`);
      expect(out).toMatch(/\nImported +2\n/);
      expect((await stat(report)).mode & 0o777).toBe(0o600);
    });

    it('shows a hundred of them, and has the rest in the report', async () => {
      const report = path('many-refused.ndjson');
      const { out } = await imported(
        ndjson(Array.from({ length: 130 }, () => ({ email: 'none' }))),
        '--report',
        report,
      );
      expect(out.match(/^line \d+: /gm)).toHaveLength(100);
      expect(out).toContain(`and 30 more; all of them: ${report}\n`);
      expect(await linesIn(report)).toHaveLength(130);
    });

    it('lets nothing in a file steer the terminal', async () => {
      const { out } = await imported(`${JSON.stringify({ ...aPerson(), 'evil\u001b[2J': 1 })}\n`);
      expect(out).toContain('must not have evil\ufffd[2J');
    });

    it('takes null for what is not there, and a byte order mark for nothing', async () => {
      const person = aPerson({ firstName: null, phone: null, roles: null, totpSecret: null, id: null });
      expect((await imported(`\ufeff${JSON.stringify(person)}`, '--json')).json).toMatchObject({ imported: 1 });
    });

    it('says in a dry run what would become of every line, and saves nothing', async () => {
      const file = ndjson([...people(120), { email: 'none' }, aPerson({ roles: ['nobody'] })]);
      const [dryReport, report] = [path('dry.ndjson'), path('real.ndjson')];
      const dry = await imported(file, '--dry-run', '--report', dryReport);
      expect(dry.code).toBe(1);
      expect(dry.out).toContain('Nothing was saved');
      expect((await exported()).out).toBe('');

      const real = await imported(file, '--report', report);
      expect(real.out).toContain('Imported       120');
      expect(dry.out).toContain('Would be imported  120');
      expect(await readFile(dryReport, 'utf8')).toBe(await readFile(report, 'utf8'));
    });

    it('finds done what it has done, and fails no more for it', async () => {
      const file = ndjson(people(120));
      await imported(file);
      const again = await imported(file, '--json');
      expect(again).toMatchObject({ code: 0, json: { imported: 0, present: 120, refused: 0 } });
    });

    it('says who has to prove an address before long', async () => {
      await installation.iam.projects.updateProject.execute(OPERATOR, {
        id: project.id,
        settings: { emailVerificationRequired: true },
      });
      const { out } = await imported(ndjson([...people(2), aPerson({ emailVerified: false })]));
      expect(out).toMatch(/\n1 of them have addresses that are yet to be proven/);
    });

    it.each([
      ['a file that is not there', () => run('import', path('nothing.ndjson')), 'no file'],
      ['a project that is not there', async () => run('import', await fileOf(''), '--project', anId()), 'project list'],
      ['no file at all', () => run('import'), 'castellan users import --help'],
    ])('refuses %s in one line', async (_, attempt, why) => {
      const { code, out, error } = await attempt();
      expect([code === 0, out]).toEqual([false, '']);
      expect(error).toMatch(ONE_LINE);
      expect(error).toContain(why);
    });
  });

  describe('export', () => {
    it('writes people as an import takes them, without any secret, one a line', async () => {
      const all = people(3).map((person) => ({ ...person, totpSecret: TOTP_SECRET, id: anId<string>() }));
      await imported(ndjson(all));
      const { code, out, error } = await exported();
      expect([code, error]).toEqual([0, '']);
      const records = out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      const shown = all.map(({ id, email, emailVerified }) => ({ id, email, emailVerified, status: 'active' }));
      expect(records).toEqual(shown.map((person) => ({ ...person, createdAt: expect.any(String), roles: ['user'] })));
      expect(await recorded('users.exported')).toEqual([{ withSecrets: false, count: 3 }]);
    });

    it('writes a file for nobody else to read, and takes the place of none unless it is told to', async () => {
      await imported(ndjson(people(3)));
      const file = path('export.ndjson');
      const first = await exported(file);
      expect([first.code, first.out]).toEqual([0, `Exported 3 people to ${file}.\n`]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);

      await writeFile(file, 'mine', { mode: 0o644 });
      const refused = await exported(file);
      expect([refused.code, refused.out]).toEqual([1, '']);
      expect(refused.error).toMatch(ONE_LINE);
      expect(refused.error).toContain('--force');
      expect(await readFile(file, 'utf8')).toBe('mine');

      expect((await exported(file, '--force', '--json')).json).toEqual({ exported: 3, withSecrets: false });
      expect(await linesIn(file)).toHaveLength(3);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    });

    it('has the secrets where they are asked for, warns of them, and is on record with it', async () => {
      await imported(ndjson([aPerson({ totpSecret: TOTP_SECRET })]));
      const { out, error } = await exported('--with-secrets');
      expect(JSON.parse(out)).toMatchObject({ passwordHash, totpSecret: TOTP_SECRET });
      expect(error).toMatch(ONE_LINE);
      expect(await recorded('users.export.started')).toEqual([{ withSecrets: true }]);
      expect(await recorded('users.exported')).toEqual([{ withSecrets: true, count: 1 }]);
    });

    it('goes into an empty project, comes out of it the same, and its people sign in there', async () => {
      const protectedPerson = aPerson({ totpSecret: TOTP_SECRET, roles: ['admin'], metadata: { plan: 'pro' } });
      await imported(ndjson([...people(620), protectedPerson, aPerson({ status: 'locked' })]));
      const [first, second] = [path('first.ndjson'), path('second.ndjson')];
      await exported(first, '--with-secrets');

      project = await aProject();
      const result = await run('import', first, '--project', project.id, '--json');
      expect(result.json).toMatchObject({ imported: 622, refused: 0 });
      await exported(second, '--with-secrets');

      expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'));
      const { email } = protectedPerson;
      expect(await signIn(email)).toBe('mfa-required');
      expect(await signIn(email, await codeAt(TOTP_SECRET, installation.clock.now()))).toBe('done');
    });
  });
});
