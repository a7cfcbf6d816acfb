import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import type { TestServer } from '../server-search.ts';
import { unprivilegedUser } from '../unprivileged-user.ts';
import { makeFolder, removeLeftovers } from './folders.ts';

const ROLE = 'castellan';
const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;
const run = promisify(execFile);

/** Nothing here has to survive anything. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=200',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/**
 * Stands between us and the server: when its input ends, because of `stop` or because we died,
 * the server goes, and its folder with it.
 */
const KEEPER = `
"$@" </dev/null & server=$!
cat >/dev/null
exec 2>/dev/null
kill -QUIT $server; wait $server
rm -rf "$FOLDER"`;

/** A new cluster in a temporary folder, on a free loopback port, behind a password made for this run. */
export async function startThrowaway(bin: string): Promise<TestServer> {
  if (process.platform === 'win32') throw new Error('a throwaway server needs a POSIX shell');
  await removeLeftovers();
  // Postgres refuses to run as root.
  const user = await unprivilegedUser('postgres');
  const folder = await makeFolder();
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await Promise.all([folder, passwordFile].map((path) => chown(path, user.uid, user.gid)));

  const options = { ...user, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', FOLDER: folder } };
  const data = join(folder, 'data');
  const access = ['-U', ROLE, '-A', 'password', '--pwfile', passwordFile];
  await run(join(bin, 'initdb'), ['-D', data, ...access, '--encoding=UTF8', '--locale=C', '--no-sync'], options);
  const version = (await run(join(bin, 'postgres'), ['--version'], options)).stdout.trim();

  const port = await freePort();
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const command = [join(bin, 'postgres'), '-D', data, '-p', String(port), ...settings];
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', ...command], { ...options, detached: true });
  try {
    await ready(keeper);
  } catch (error) {
    await stop(keeper);
    throw error;
  }
  return {
    url: `postgres://${ROLE}:${password}@127.0.0.1:${port}/postgres`,
    description: `throwaway ${version}, binaries in ${bin}`,
    outlivesTheRun: false,
    stop: () => stop(keeper),
  };
}

/** The server announces itself in its log; anything fatal before that is the reason why it will not come. */
async function ready(keeper: ChildProcessWithoutNullStreams): Promise<void> {
  keeper.stdout.resume();
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  let log = '';
  try {
    while (!log.includes('ready to accept connections')) {
      if (/FATAL|not found|denied/.test(log)) throw new Error('the server refused to start');
      const [chunk] = await once(keeper.stderr, 'data', { signal });
      log += String(chunk);
    }
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : 'no server'}: ${log.trim()}`, { cause });
  }
  keeper.stderr.resume();
}

async function stop(keeper: ChildProcessWithoutNullStreams): Promise<void> {
  if (keeper.exitCode !== null || keeper.pid === undefined) return;
  const gone = once(keeper, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
  keeper.stdin.end();
  const group = -keeper.pid;
  await gone.catch(() => process.kill(group, 'SIGKILL'));
}
