import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const COMMAND = ['--import', 'tsx', join(import.meta.dirname, '../../../src/cli/main.cts'), 'serve'];
const API = pathToFileURL(join(import.meta.dirname, '../../../node_modules/@opentelemetry/api/build/src/index.js'));

/** An SDK that says of every span all that it was told. */
const SDK = `
import { trace } from '${API}';
import { isMainThread } from 'node:worker_threads';
const told = [];
const spanContext = () => ({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 });
const tell = (...what) => void told.push(what);
const startSpan = (...what) => {
  tell(...what.slice(0, 2));
  return { spanContext, setAttribute: tell, setStatus: tell, recordException: tell, addEvent: tell, end: tell };
};
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) });
if (isMainThread) process.on('exit', () => process.stderr.write(JSON.stringify(told)));
`;

export interface WatchedProcess {
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that it has said, when it is over: the log, and after that what its spans were told. */
  over(): Promise<{ readonly log: string; readonly spans: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The service in a process of its own, followed by an SDK, once it is ready. */
export async function aWatchedProcess(
  environment: Readonly<Record<string, string>>,
  url: string,
): Promise<WatchedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'castellan-canary-'));
  const sdk = join(folder, 'sdk.mjs');
  await writeFile(sdk, SDK);
  const env = { PATH: process.env.PATH, NODE_OPTIONS: `--import ${pathToFileURL(sdk)}`, ...environment };
  const service = spawn(process.execPath, COMMAND, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(service.stdout), text(service.stderr)]);
  const exit = once(service, 'exit');
  const gone = async () => {
    service.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
  await ready(service, url).catch(async (error: unknown) => {
    await gone();
    throw new Error((await said).join('\n'), { cause: error });
  });
  return {
    environment,
    async over() {
      service.kill('SIGTERM');
      const [log, spans] = await said;
      return { log, spans };
    },
    [Symbol.asyncDispose]: gone,
  };
}

async function ready(service: ChildProcess, url: string): Promise<void> {
  while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
    if (service.exitCode !== null) throw new Error('it is over');
    await pause(100);
  }
}
