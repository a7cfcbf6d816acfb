import { createCluster } from 'redis';
import { afterAll, beforeAll } from 'vitest';
import type { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses, startCluster } from '../support/redis-servers.ts';
import { type Backdoor, describeCacheContracts } from './contracts.ts';

describeWithRedisProcesses('a Redis cluster', () => {
  let nodes: readonly RedisProcess[];
  let backdoor: Backdoor & { destroy(): void };
  const urls = () => nodes.map(({ url }) => url);
  beforeAll(async () => {
    nodes = await startCluster({ nodeTimeoutMs: 60_000 });
    const cluster = createCluster({ rootNodes: urls().map((url) => ({ url })) });
    await cluster.connect();
    backdoor = cluster;
  });
  afterAll(async () => {
    backdoor.destroy();
    await Promise.all(nodes.map((node) => node.kill()));
  });

  describeCacheContracts('Redis cluster', urls, () => backdoor);
});
