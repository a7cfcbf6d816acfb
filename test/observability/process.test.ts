import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { samplesOf } from './a-watched-service.ts';

const TIMEOUT = 120_000;
const COMMAND = ['--import', 'tsx', join(import.meta.dirname, '../../src/cli/main.cts'), 'serve'];
const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** As small as an SDK can be: says what spans there were when the process ends. */
const SDK = `
import { isMainThread } from 'node:worker_threads';
import { trace } from '${pathToFileURL(join(import.meta.dirname, '../../node_modules/@opentelemetry/api/build/src/index.js'))}';
const names = [];
const span = (name) => ({
  spanContext: () => ({ traceId: '${TRACE}', spanId: 'b7ad6b7169203331', traceFlags: 1 }),
  setAttribute() {}, setStatus() {}, end: () => names.push(name),
});
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan: span }) });
if (isMainThread) process.on('exit', () => process.stderr.write(JSON.stringify(names)));
`;

describe('the process of the service', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-watched-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs it for as long as `work` takes, and answers what it has said. */
  async function during(more: Readonly<Record<string, string>>, work: (url: string) => Promise<void>) {
    const PORT = String(await freePort());
    const environment = { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), PORT, DRAIN_SECONDS: '0', ...more };
    const service = spawn(process.execPath, COMMAND, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(service.stdout), text(service.stderr)]);
    const exit = once(service, 'exit');
    try {
      await ready(service, `http://127.0.0.1:${PORT}`);
      await work(`http://127.0.0.1:${PORT}`);
      service.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    } finally {
      service.kill('SIGKILL');
    }
    const [out, error] = await said;
    const lines = out.split('\n').filter((line) => line.startsWith('{'));
    return { lines: lines.map((line) => JSON.parse(line)), error };
  }

  async function ready(service: ChildProcess, url: string): Promise<void> {
    while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
      if (service.exitCode !== null) throw new Error('it is over');
      await pause(100);
    }
  }

  it(
    'shows its metrics, and says once that nobody sends the spans that are asked for',
    async () => {
      const { lines, error } = await during({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, async (url) => {
        const shown = samplesOf(await (await fetch(`${url}/metrics`)).text());
        const up = shown.filter(({ name }) => name === 'castellan_dependency_up');
        expect(up.map(({ labels, value }) => [labels.dependency, value])).toEqual([
          ['database', 1],
          ['migrations', 1],
        ]);
        const pool = shown.find(({ name }) => name === 'castellan_database_pool_connections_most');
        expect(pool?.value).toBe(1);
        expect(shown.find(({ name }) => name === 'castellan_build_info')?.labels.version).toMatch(/^\d+\.\d+\.\d+/);
      });
      expect(error).toBe('');
      const warnings = lines.filter(({ level }) => level >= 40);
      expect(warnings.map(({ msg }) => msg)).toEqual([expect.stringMatching(/NODE_OPTIONS="--import /)]);
    },
    TIMEOUT,
  );

  it(
    'gives its spans to the SDK that was loaded before it, and names them in its lines',
    async () => {
      const sdk = join(folder, 'sdk.mjs');
      await writeFile(sdk, SDK);
      const more = {
        NODE_OPTIONS: `--import ${pathToFileURL(sdk)}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      };
      const { lines, error } = await during(more, async (url) => {
        const { trace_id } = (await (await fetch(`${url}/nowhere`)).json()) as { readonly trace_id: string };
        expect(trace_id).toBe(TRACE);
      });
      expect(JSON.parse(error)).toEqual(expect.arrayContaining(['GET /readyz', 'GET /*']));
      expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
      expect(lines.find(({ status }) => status === 404)).toMatchObject({ trace_id: TRACE, route: '/*' });
    },
    TIMEOUT,
  );
});
