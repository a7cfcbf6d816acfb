import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, lstat, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWithPostgres } from '../support/databases.ts';
import { anInstallation, type Installation } from './an-installation.ts';

const ONE_LINE = /^(?!\s*at )[^\n]+\n$/;
const REFUSED = `${JSON.stringify({ email: 'none' })}\n`;
const COMMAND = ['--import', 'tsx', join(import.meta.dirname, '../../src/cli/main.cts')];

describeWithPostgres('the files that castellan users writes', () => {
  let installation: Installation;
  let folder: string;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation[Symbol.asyncDispose]());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-test-files-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const path = (name: string) => join(folder, name);
  const run = (...args: readonly string[]) => installation.run('users', ...args);
  const input = async (content = REFUSED): Promise<string> => {
    await writeFile(path('users.ndjson'), content);
    return path('users.ndjson');
  };
  function expectRefusal({ code, out, error }: Awaited<ReturnType<typeof run>>, why: string): void {
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(ONE_LINE);
    expect(error).toContain(why);
  }

  it('are written under no name that anybody could have prepared', async () => {
    await writeFile(path('theirs'), 'theirs');
    await symlink(path('theirs'), path('export.partial'));

    expect((await run('export', path('export'))).code).toBe(0);

    expect(await readFile(path('theirs'), 'utf8')).toBe('theirs');
    expect((await lstat(path('export.partial'))).isSymbolicLink()).toBe(true);
    expect(await readdir(folder)).toEqual(['export', 'export.partial', 'theirs']);
  });

  it('are each whole where several are exported at once to one name, and only one has it', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => run('export', path('export'))));
    const refused = results.filter(({ code }) => code !== 0);
    expect(refused).toHaveLength(3);
    for (const result of refused) expectRefusal(result, 'already');
    expect(await readFile(path('export'), 'utf8')).toBe((await run('export')).out);
    expect(await readdir(folder)).toEqual(['export']);
  });

  it('take the place of one another where they are told to, all at once', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => run('export', path('export'), '--force')));
    expect(results.map(({ code, error }) => [code, error])).toEqual(results.map(() => [0, '']));
    expect(await readFile(path('export'), 'utf8')).toBe((await run('export')).out);
    expect(await readdir(folder)).toEqual(['export']);
  });

  const make: Readonly<Record<string, (name: string) => Promise<() => Promise<void>>>> = {
    async directory(name) {
      await mkdir(name);
      return async () => {};
    },
    async 'symbolic link'(name) {
      await writeFile(path('theirs'), 'theirs');
      await symlink(path('theirs'), name);
      return async () => expect(await readFile(path('theirs'), 'utf8')).toBe('theirs');
    },
    async 'dangling link'(name) {
      await symlink(path('nowhere'), name);
      return async () => expect(await readdir(folder)).not.toContain('nowhere');
    },
    async pipe(name) {
      await promisify(execFile)('mkfifo', [name]);
      return async () => {};
    },
    async socket(name) {
      const server = createServer().listen(name);
      await once(server, 'listening');
      return async () => {
        await server[Symbol.asyncDispose]();
      };
    },
  };

  it.each(Object.entries(make))('never take the place of a %s', async (_, made) => {
    const file = await input();
    const there = path('there');
    const end = await made(there);
    const before = await lstat(there);
    for (const force of [[], ['--force']]) {
      expectRefusal(await run('export', there, ...force), 'no regular file');
      expectRefusal(await run('import', file, '--report', there, ...force), 'no regular file');
    }
    expect((await lstat(there)).ino).toBe(before.ino);
    await end();
  });

  it.each([
    ['its name', async (file: string) => file],
    [
      'another name of it',
      async (file: string) => {
        await link(file, path('other'));
        return path('other');
      },
    ],
    [
      'a link to it',
      async (file: string) => {
        await symlink(file, path('other'));
        return path('other');
      },
    ],
  ])('are never what is imported, by %s', async (_, named) => {
    const file = await input();
    const report = await named(file);
    for (const force of [[], ['--force']]) {
      expectRefusal(await run('import', file, '--report', report, ...force), 'is what is imported');
    }
    expect(await readFile(file, 'utf8')).toBe(REFUSED);
  });

  it('are never what standard input comes from', async () => {
    const file = await input();
    await using handle = await open(file);
    const command = spawn(process.execPath, [...COMMAND, 'users', 'import', '-', '--report', file, '--force'], {
      env: { PATH: process.env.PATH, ...installation.environment },
      stdio: [handle.fd, 'ignore', 'pipe'],
    });
    if (command.stderr === null) throw new Error('no pipe');
    const [error, [code]] = await Promise.all([text(command.stderr), once(command, 'exit')]);
    expect(code).toBe(1);
    expect(error).toContain('is what is imported');
    expect(await readFile(file, 'utf8')).toBe(REFUSED);
  }, 60_000);

  it('take the place of an earlier report only where they are told to', async () => {
    const file = await input();
    const report = path('report');
    await writeFile(report, 'earlier', { mode: 0o644 });
    expectRefusal(await run('import', file, '--report', report), '--force');
    expect(await readFile(report, 'utf8')).toBe('earlier');

    expect(await run('import', file, '--report', report, '--force', '--json')).toMatchObject({
      code: 1,
      json: { refused: 1 },
    });
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ line: 1, code: 'validation-error' });
    expect((await lstat(report)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).toSorted()).toEqual(['report', 'users.ndjson']);
  });

  it('steer no terminal that they are shown on', async () => {
    const file = await input(`${JSON.stringify({ email: 'ada@example.com', 'evil\u009b2J\u202e': 1 })}\n`);
    const { out } = await run('import', file, '--report', path('report'));
    expect(out).toContain('must not have evil\ufffd2J\ufffd');

    const report = await readFile(path('report'), 'utf8');
    expect(report).toContain('evil\\u009b2J\\u202e');
    expect(JSON.parse(report).message).toBe('must not have evil\u009b2J\u202e');
    const { out: answered } = await run('import', file, '--json');
    expect(answered).toContain('evil\\u009b2J\\u202e');
  });
});
