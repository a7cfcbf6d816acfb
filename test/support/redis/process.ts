import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { unprivilegedUser } from '../unprivileged-user.ts';

const START_TIMEOUT_MS = 10_000;

/** Nothing here has to survive anything. */
const SETTINGS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];

/**
 * Stands between us and the server: when its input ends, because of `kill` or because we died, the server goes, frozen
 * or not, and its folder with it.
 */
const KEEPER = `
"$@" </dev/null & server=$!
echo "pid $server"
cat >/dev/null
exec 2>/dev/null
kill -KILL $server; wait $server
rm -rf "$FOLDER"`;

/** A server of one's own on a loopback port, to be frozen and killed. */
export class RedisProcess implements AsyncDisposable {
  readonly port: number;
  readonly #settings: readonly string[];
  #keeper: ChildProcessWithoutNullStreams | undefined;
  #pid = 0;

  private constructor(port: number, settings: readonly string[]) {
    this.port = port;
    this.#settings = settings;
  }

  static async start(options: { readonly port?: number; readonly settings?: readonly string[] } = {}) {
    const server = new RedisProcess(options.port ?? (await freePort()), options.settings ?? []);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** With nothing in it, where it was before. */
  async start(): Promise<void> {
    const user = await unprivilegedUser('redis');
    const folder = await mkdtemp(join(tmpdir(), 'castellan-test-redis-'));
    await chown(folder, user.uid, user.gid);
    const command = ['redis-server', '--port', String(this.port), '--dir', folder, ...SETTINGS, ...this.#settings];
    const env = { PATH: process.env.PATH ?? '', FOLDER: folder };
    this.#keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', ...command], {
      ...user,
      cwd: folder,
      env,
      detached: true,
    });
    this.#pid = await pidWhenReady(this.#keeper).catch(async (error: unknown) => {
      await this.kill();
      throw error;
    });
  }

  /** It takes connections and requests, and answers none. */
  freeze(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.#pid, 'SIGCONT');
  }

  async kill(): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = undefined;
    if (keeper === undefined || keeper.exitCode !== null) return;
    const gone = once(keeper, 'exit');
    keeper.stdin.end();
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

async function pidWhenReady(keeper: ChildProcessWithoutNullStreams): Promise<number> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  let log = '';
  const listen = (chunk: unknown) => {
    log += String(chunk);
  };
  keeper.stdout.on('data', listen);
  keeper.stderr.on('data', listen);
  try {
    while (!log.includes('Ready to accept connections')) {
      if (/Failed|Fatal|not found|denied/.test(log)) throw new Error('it refused to start');
      await once(keeper.stdout, 'data', { signal });
    }
  } catch (cause) {
    throw new Error(`no redis-server: ${log.trim()}`, { cause });
  } finally {
    keeper.stdout.off('data', listen).resume();
    keeper.stderr.off('data', listen).resume();
  }
  return Number(/^pid (\d+)$/m.exec(log)?.[1]);
}
