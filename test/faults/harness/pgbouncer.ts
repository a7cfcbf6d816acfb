import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { unprivilegedUser } from '../../support/unprivileged-user.ts';
import type { PostgresProcess } from './postgres-process.ts';

const START_TIMEOUT_MS = 10_000;
/** Fewer than the replicas have connections: they share them. */
const SESSIONS = 6;

/** When its input ends, because of `stop` or because we died, it goes, and its folder with it. */
const KEEPER = `
pgbouncer pgbouncer.ini </dev/null & pooler=$!
cat >/dev/null
exec 2>/dev/null
kill -KILL $pooler; wait $pooler
rm -rf "$FOLDER"`;

/** PgBouncer in transaction mode before a Postgres, with as few settings as will do. */
export class PgBouncer implements AsyncDisposable {
  readonly port: number;
  readonly #keeper: ChildProcess;

  private constructor(port: number, keeper: ChildProcess) {
    this.port = port;
    this.#keeper = keeper;
  }

  static async before(postgres: PostgresProcess, database: string): Promise<PgBouncer> {
    const user = await unprivilegedUser('postgres');
    const folder = await mkdtemp(join(tmpdir(), 'castellan-test-pgbouncer-'));
    const port = await freePort();
    const { user: role, password } = postgres.credentials;
    const files = {
      'pgbouncer.ini': `
[databases]
${database} = host=127.0.0.1 port=${postgres.port} dbname=${database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = users.txt
pool_mode = transaction
default_pool_size = ${SESSIONS}
max_client_conn = 200
`,
      'users.txt': `"${role}" "${password}"\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const paths = [folder, ...Object.keys(files).map((name) => join(folder, name))];
    await Promise.all(paths.map((path) => chown(path, user.uid, user.gid)));
    const env = { PATH: `${process.env.PATH}:/usr/sbin`, FOLDER: folder };
    const keeper = spawn('/bin/sh', ['-c', KEEPER], { ...user, cwd: folder, env, detached: true });
    const pooler = new PgBouncer(port, keeper);
    await up(keeper).catch(async (error: unknown) => {
      await pooler[Symbol.asyncDispose]();
      throw error;
    });
    return pooler;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keeper.exitCode !== null) return;
    const gone = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    await gone;
  }
}

async function up(keeper: ChildProcess): Promise<void> {
  let log = '';
  keeper.stderr?.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-10_000);
  });
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!log.includes('process up')) {
    if (/FATAL|not found/.test(log)) throw new Error(`no pgbouncer: ${log}`);
    await once(keeper.stderr ?? keeper, 'data', { signal });
  }
}
