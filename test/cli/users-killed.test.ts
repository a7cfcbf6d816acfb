import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/persistence/index.ts';
import { anEmail } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';

const TIMEOUT = 240_000;
const COMMAND = ['--import', 'tsx', join(import.meta.dirname, '../../src/cli/main.cts')];
const PEOPLE = 1000;
/** More than what a pipe, the streams at both ends and the commits under way can hold of lines like these. */
const GIVEN = 700;

const LINES = Array.from({ length: PEOPLE }, () => {
  const metadata = { long: randomBytes(512).toString('hex') };
  return `${JSON.stringify({ email: anEmail(), emailVerified: true, roles: ['user'], metadata })}\n`;
});

let folder: string;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'castellan-killed-'));
  environment = { PATH: process.env.PATH, DATA_DIR: join(folder, 'data') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...COMMAND, ...args],
      { env: environment, maxBuffer: 2 ** 26 },
      (failure, out, error) => (failure ? reject(new Error(error || failure.message)) : resolve(out)),
    );
  });
}
const importing = async (file: string) => JSON.parse(await run('users', 'import', file, '--json'));

async function install(): Promise<void> {
  await run('migrate');
  await run('owner', 'create');
}

/** Gives as many lines as are taken, and ends it with no chance to say goodbye. */
async function killedInTheMiddle(): Promise<void> {
  const command: ChildProcess = spawn(process.execPath, [...COMMAND, 'users', 'import', '-'], {
    env: environment,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exit = once(command, 'exit');
  const stdin = command.stdin as Writable;
  for (const line of LINES.slice(0, GIVEN)) if (!stdin.write(line)) await once(stdin, 'drain');
  // What is not taken any more is not missed.
  stdin.on('error', () => {});
  command.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);
}

/** Starts it again with the whole file, and looks what is there. */
async function goesOn(): Promise<{ readonly present: number }> {
  const file = join(folder, 'users.ndjson');
  await writeFile(file, LINES.join(''));
  const again = await importing(file);
  expect(again).toMatchObject({ lines: PEOPLE, refused: 0 });
  expect(again.present).toBeGreaterThan(0);
  expect(again.imported).toBeGreaterThan(0);
  expect(again.present + again.imported).toBe(PEOPLE);
  expect(await importing(file)).toMatchObject({ present: PEOPLE, imported: 0 });
  // The owner of the platform is one of its people.
  expect((await run('users', 'export')).split('\n').slice(0, -1)).toHaveLength(PEOPLE + 1);
  return again;
}

describeWithPostgres('an import that is killed in the middle, into Postgres', () => {
  it(
    'has left nobody behind by halves, and goes on to the end when it is started again',
    async () => {
      const { url } = await freshDatabase();
      environment = { ...environment, DATABASE_URL: url, MASTER_KEY: randomBytes(32).toString('base64') };
      await install();
      await killedInTheMiddle();

      const { database, close } = openPostgres({ url });
      try {
        const [there] = await database.execute<Record<string, string | number>>(sql`
          select (select count(*) from users) as users, (select count(*) from memberships) as memberships,
            (select count(*) from membership_roles) as roles, (select sum(taken) from project_seats) as seats,
            (select count(*) + 1 from audit_records where action = 'user.imported') as records
        `);
        const { present } = await goesOn();
        const each = present + 1;
        const counts = Object.fromEntries(Object.entries(there ?? {}).map(([name, count]) => [name, Number(count)]));
        expect(counts).toEqual({ users: each, memberships: each, roles: each, seats: each, records: each });
      } finally {
        await close();
      }
    },
    TIMEOUT,
  );
});

describe('an import that is killed in the middle, into the embedded database', () => {
  it(
    'goes on to the end when it is started again',
    async () => {
      await install();
      await killedInTheMiddle();
      await goesOn();
    },
    TIMEOUT,
  );
});
