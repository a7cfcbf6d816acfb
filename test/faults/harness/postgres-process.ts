import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../../support/free-port.ts';
import { makeFolder, removeLeftovers } from '../../support/postgres/folders.ts';
import { installedFolder } from '../../support/postgres/installed.ts';
import { unprivilegedUser } from '../../support/unprivileged-user.ts';

const ROLE = 'castellan';
const START_TIMEOUT_MS = 30_000;
const run = promisify(execFile);

/** As it is shipped in everything that decides what is lost: these tests are about that. */
const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=100'];

/** When its input ends, because of `stop` or because we died, the server goes, and its folder with it. */
const KEEPER = `
cat >/dev/null
exec 2>/dev/null
server=$(head -n 1 data/postmaster.pid)
kill -QUIT $server && while kill -0 $server; do sleep 0.1; done
rm -rf "$FOLDER"`;

/** How a server goes down. Fast: clients are thrown out, all is written. Immediate: as in a crash. */
export type Shutdown = 'fast' | 'immediate';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A Postgres of one's own on a loopback port, to be brought down and up again. */
export class PostgresProcess implements AsyncDisposable {
  readonly port: number;
  readonly #command: readonly string[];
  readonly #options: { readonly uid: number; readonly gid: number; readonly cwd: string };
  readonly #password: string;
  readonly #keeper: ChildProcess;
  #server: ChildProcess | undefined;

  private constructor(
    port: number,
    command: readonly string[],
    options: { readonly uid: number; readonly gid: number; readonly cwd: string },
    password: string,
  ) {
    this.port = port;
    this.#command = command;
    this.#options = options;
    this.#password = password;
    this.#keeper = spawn('/bin/sh', ['-c', KEEPER], {
      ...options,
      env: { PATH: '/usr/bin:/bin', FOLDER: options.cwd },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  static async start(settings: readonly string[] = []): Promise<PostgresProcess> {
    await removeLeftovers();
    const bin = await installedFolder(process.env);
    const user = await unprivilegedUser('postgres');
    const cwd = await makeFolder();
    const password = randomBytes(16).toString('hex');
    const passwordFile = join(cwd, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await Promise.all([cwd, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const data = join(cwd, 'data');
    const access = ['-U', ROLE, '-A', 'password', '--pwfile', passwordFile];
    const options = { ...user, cwd };
    await run(join(bin, 'initdb'), ['-D', data, ...access, '--encoding=UTF8', '--locale=C'], options);
    const port = await freePort();
    const all = [...SETTINGS, ...settings].flatMap((setting) => ['-c', setting]);
    const command = [join(bin, 'postgres'), '-D', data, '-p', String(port), ...all];
    const postgres = new PostgresProcess(port, command, options, password);
    await postgres.start();
    return postgres;
  }

  /** `port`: where it is reached, if not at its own. */
  url(database = 'postgres', port: number = this.port): string {
    return `postgres://${ROLE}:${this.#password}@127.0.0.1:${port}/${database}`;
  }

  get credentials(): { readonly user: string; readonly password: string } {
    return { user: ROLE, password: this.#password };
  }

  async start(): Promise<void> {
    const [binary = '', ...args] = this.#command;
    const server = spawn(binary, args, {
      ...this.#options,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#server = server;
    let log = '';
    server.stderr?.on('data', (chunk) => {
      log = `${log}${chunk}`.slice(-10_000);
    });
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    while (!log.includes('ready to accept connections')) {
      if (server.exitCode !== null) throw new Error(`Postgres did not start: ${log}`);
      await once(server.stderr ?? server, 'data', { signal });
    }
  }

  async stop(how: Shutdown): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(SIGNALS[how]);
    await gone;
  }

  async restart(how: Shutdown): Promise<void> {
    await this.stop(how);
    await this.start();
  }

  /** As somebody who stands beside the service. */
  async rows<Row extends pg.QueryResultRow>(database: string, text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('immediate');
    const gone = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    await gone;
  }
}
