import { type ChildProcess, execFile, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/adapters/persistence/embedded/index.ts';
import { examinePooling } from '../../src/adapters/persistence/index.ts';
import { freePort } from '../support/free-port.ts';

const TIMEOUT = 60_000;
const COMMAND = ['--import', 'tsx', join(import.meta.dirname, '../../src/cli/main.cts')];

describe('the process of a command', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-process-'));
    environment = { PATH: process.env.PATH, DATA_DIR: folder, PORT: String(await freePort()), DRAIN_SECONDS: '0' };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function run(...args: readonly string[]) {
    return new Promise<{ readonly code: unknown; readonly out: string; readonly error: string }>((resolve) => {
      execFile(process.execPath, [...COMMAND, ...args], { env: environment }, (failure, out, error) =>
        resolve({ code: failure?.code ?? 0, out, error }),
      );
    });
  }

  async function ready(service: ChildProcess): Promise<void> {
    const url = `http://127.0.0.1:${environment.PORT}/readyz`;
    while (!(await fetch(url).catch(() => undefined))?.ok) {
      if (service.exitCode !== null) throw new Error('it is over');
      await pause(100);
    }
  }

  const locked = () => existsSync(join(folder, 'castellan.pid'));

  it(
    'runs the service, lets no other command into its folder, and ends when it is asked to',
    async () => {
      const service = spawn(process.execPath, [...COMMAND, 'serve'], { env: environment, stdio: 'ignore' });
      const exit = once(service, 'exit');
      try {
        await ready(service);
        const { code, out, error } = await run('project', 'list');
        expect([code, out]).toEqual([1, '']);
        expect(error).toMatch(/^[^\n]+ is in use by process \d+\. Stop it first[^\n]*\n$/);
        expect(error).toContain(` ${service.pid}.`);
        service.kill('SIGTERM');
        expect(await exit).toEqual([0, null]);
      } finally {
        service.kill('SIGKILL');
      }

      const { code, out, error } = await run('project', 'list', '--json');
      expect([code, error]).toEqual([0, '']);
      expect(JSON.parse(out).data).toMatchObject([{ name: 'Demo' }, { name: 'Castellan' }]);
      expect(locked()).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'does all that it was asked to where nobody reads on (`castellan doctor | head -1`)',
    async () => {
      const command = spawn(process.execPath, [...COMMAND, 'project', 'create', 'Unread'], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      command.stdout.destroy();
      let error = '';
      command.stderr.on('data', (text) => {
        error += text;
      });
      expect([await once(command, 'close'), error]).toEqual([[0, null], '']);
      const { out } = await run('project', 'list', '--json');
      expect(JSON.parse(out).data).toContainEqual(expect.objectContaining({ name: 'Unread' }));
    },
    TIMEOUT,
  );

  it.skipIf(process.platform !== 'linux')(
    'fails where what it answers cannot be written',
    async () => {
      const full = await open('/dev/full', 'w');
      try {
        const stdio: StdioOptions = ['ignore', full.fd, 'pipe'];
        const command = spawn(process.execPath, [...COMMAND, 'project', 'list'], { env: environment, stdio });
        let error = '';
        command.stderr?.on('data', (text) => {
          error += text;
        });
        expect(await once(command, 'close')).toEqual([1, null]);
        expect(error).toMatch(/^What was answered is lost: ENOSPC[^\n]*\n$/);
      } finally {
        await full.close();
      }
    },
    TIMEOUT,
  );

  it(
    'closes what it opened; the doctor sees that one session stands behind all connections',
    async () => {
      const { client, close } = await openEmbedded({ folder });
      try {
        expect(await examinePooling(client)).toEqual({ byTransaction: true, keepsStatements: false });
      } finally {
        await close();
      }
    },
    TIMEOUT,
  );

  it('has usage as its exit code', async () => {
    expect(await run('nonsense')).toMatchObject({ code: 2, out: '' });
  });
});
