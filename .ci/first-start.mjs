// Does what a new user does: clone, `npm ci && npm start`, look, stop. `node first-start.mjs <folder for the clone>`
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const READY_MS = 120_000;
const STOP_MS = 30_000;

const [clone] = process.argv.slice(2);
const options = { cwd: clone, stdio: 'inherit' };
execFileSync('git', ['clone', '--quiet', '.', clone], { stdio: 'inherit' });
execFileSync('npm', ['ci', '--prefer-offline'], options);

const url = `http://127.0.0.1:${await freePort()}`;
const env = { ...process.env, PORT: new URL(url).port, DATA_DIR: join(clone, 'data') };
const npm = spawn('npm', ['start'], { ...options, env, detached: true });
const exit = once(npm, 'exit');
try {
  await ready();
  const { openapi, paths } = await (await fetch(`${url}/openapi.json`)).json();
  if (!openapi || Object.keys(paths).length === 0) throw new Error('/openapi.json describes nothing');
  console.log(`ready, OpenAPI ${openapi} with ${Object.keys(paths).length} paths`);

  process.kill(servicePid(), 'SIGTERM');
  const [code, signal] = await Promise.race([exit, delay(STOP_MS, ['no exit in time'], { ref: false })]);
  if (code !== 0) throw new Error(`SIGTERM ended in ${signal ?? code}, not in exit code 0`);
  console.log('stopped with exit code 0');
} finally {
  if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid, 'SIGKILL');
}

async function ready() {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && npm.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(200);
  }
  throw new Error(npm.exitCode === null ? '/readyz did not answer 200 in time' : 'npm start ended by itself');
}

/** The service itself: npm does not hand every signal on. */
function servicePid() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const [program, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const starts = program === 'node' && words.includes('dist/start.cjs');
      return starts && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clone);
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('npm start runs no dist/start.cjs');
  return Number(found);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
