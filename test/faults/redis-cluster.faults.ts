import { afterAll, beforeAll, describe, it } from 'vitest';
import type { RedisProcess } from '../support/redis/process.ts';
import { startCluster } from '../support/redis-servers.ts';
import { Estate } from './harness/estate.ts';
import { LONG_ENOUGH_MS, makeScene, type Scene, throughTrouble } from './harness/redis-trouble.ts';

const NODE_TIMEOUT_MS = 2_000;

describe('a Redis cluster of three nodes', () => {
  let nodes: readonly RedisProcess[] = [];
  let estate: Estate;
  let scene: Scene;
  beforeAll(async () => {
    nodes = await startCluster({ nodeTimeoutMs: NODE_TIMEOUT_MS });
    estate = await Estate.start({ env: { REDIS_URL: nodes.map(({ url }) => url).join(',') } });
    scene = await makeScene(estate);
  });
  afterAll(async () => {
    await estate?.[Symbol.asyncDispose]();
    await Promise.all(nodes.map((node) => node.kill()));
  });

  it('gives nothing back by one of them that is frozen for a while', () =>
    throughTrouble('a node frozen', scene, {
      strike: () => nodes[0]?.freeze(),
      lastsMs: LONG_ENOUGH_MS,
      mend: () => nodes[0]?.thaw(),
    }));

  it('gives nothing back by losing one of them for good', () =>
    throughTrouble('a node lost', scene, {
      strike: () => nodes[0]?.kill(),
      lastsMs: LONG_ENOUGH_MS,
      mend: 'never',
    }));
});
