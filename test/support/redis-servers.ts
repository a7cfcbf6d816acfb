import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, inject } from 'vitest';
import { freePort } from './free-port.ts';
import { installedVersion } from './redis/installed.ts';
import { RedisProcess } from './redis/process.ts';

const START_TIMEOUT_MS = 20_000;

const url = inject('redis');

/** A suite that needs a Redis, which others use too. Without one it is skipped by its name. */
export const describeWithRedis: typeof describe.skip = describe.skipIf(!url);

export function sharedRedis(): string {
  if (!url) throw new Error('There is no Redis in this run: use describeWithRedis');
  return url;
}

/** A suite that freezes and kills servers of its own. Without `redis-server` on the machine it is skipped by its name. */
export const describeWithRedisProcesses: typeof describe.skip = describe.skipIf(!installedVersion());

/** Three nodes, each with a third of the slots. `nodeTimeoutMs`: how long one may be silent before the others give it up. */
export async function startCluster({
  nodeTimeoutMs,
}: {
  readonly nodeTimeoutMs: number;
}): Promise<readonly RedisProcess[]> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)];
  const ports = [await clusterPort(), await clusterPort(), await clusterPort()];
  const nodes = await Promise.all(ports.map((port) => RedisProcess.start({ port, settings })));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await promisify(execFile)('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  await Promise.all(nodes.map(({ port }) => untilServing(port)));
  return nodes;
}

/** A node refuses commands for a while after it has joined. */
async function untilServing(port: number): Promise<void> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), 'cluster', 'info'], { signal });
    if (stdout.includes('cluster_state:ok')) return;
  }
}

/** Nodes talk to each other 10,000 ports above. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + 10_000 <= 65_535) return port;
  }
}
