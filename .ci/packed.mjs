// Does what somebody does who has the published package: unpacks it, installs what it runs on and nothing else, starts
// it, looks, stops it, and imports the library. `node packed.mjs <an empty folder>`
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const READY_MS = 120_000;

const [work] = process.argv.slice(2);
const cwd = join(work, 'package');
const options = { cwd, stdio: 'inherit' };
const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', work])
  .toString()
  .trim()
  .split('\n')
  .at(-1);
execFileSync('tar', ['--extract', '--file', join(work, packed), '--directory', work], {
  stdio: 'inherit',
});
for (const file of ['package-lock.json', '.npmrc']) cpSync(file, join(cwd, file));
execFileSync('npm', ['ci', '--omit=dev', '--prefer-offline'], options);

const url = `http://127.0.0.1:${await freePort()}`;
const env = { ...process.env, PORT: new URL(url).port, DATA_DIR: join(work, 'data') };
const service = spawn('node', ['dist/start.cjs'], { ...options, env });
const exit = once(service, 'exit');
try {
  await ready();
  for (const path of ['/docs/swagger-ui.css', '/openapi.json', '/metrics']) {
    const { status } = await fetch(`${url}${path}`);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
  }
  service.kill('SIGTERM');
  const [code, signal] = await exit;
  if (code !== 0) throw new Error(`SIGTERM ended in ${signal ?? code}, not in exit code 0`);
} finally {
  service.kill('SIGKILL');
}
execFileSync('node', ['dist/cli/main.cjs', 'doctor'], { ...options, env });
const library =
  "import { createIam } from 'castellan'; import { memoryPorts } from 'castellan/memory'; createIam(memoryPorts());";
execFileSync('node', ['--input-type=module', '--eval', library], options);

async function ready() {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && service.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(200);
  }
  throw new Error(service.exitCode === null ? '/readyz did not answer 200 in time' : 'the service ended by itself');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
