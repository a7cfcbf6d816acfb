import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/user/user.ts';
import { anId } from '../support/builders.ts';
import type { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses, startCluster } from '../support/redis-servers.ts';
import { inTime } from './in-time.ts';
import { aConnectedReplica, PATIENT, type Replica } from './replica.ts';

const TIMEOUT = 40_000;
const limit = { limit: 2, windowSeconds: 60 };

describeWithRedisProcesses('a Redis cluster in trouble', { timeout: TIMEOUT }, () => {
  let nodes: readonly RedisProcess[];
  let one: Replica;
  let other: Replica;
  beforeEach(async () => {
    nodes = await startCluster({ nodeTimeoutMs: 2_000 });
    const urls = nodes.map(({ url }) => url);
    // They listen at different nodes.
    [one, other] = await Promise.all([aConnectedReplica(urls), aConnectedReplica([...urls].reverse())]);
  }, TIMEOUT);
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    await Promise.all(nodes.map((node) => node.kill()));
  });

  describe.each([
    ['killed', (node: RedisProcess | undefined) => node?.kill()],
    ['frozen', async (node: RedisProcess | undefined) => node?.freeze()],
  ] as const)('whose first node is %s', (_name, strike) => {
    it('gives nobody back what was used up, wherever it is kept, and counts on', async () => {
      const keys = Array.from({ length: 12 }, () => randomUUID());
      for (const key of keys) for (let request = 0; request < 3; request += 1) await one.rateLimiter.hit(key, limit);
      await strike(nodes[0]);

      for (const key of keys) {
        expect(await inTime(() => one.rateLimiter.hit(key, limit))).toMatchObject({ exceeded: true });
        const counted: boolean[] = [];
        for (let request = 0; request < 3; request += 1) {
          counted.push((await inTime(() => one.rateLimiter.hit(`${key}:other`, limit))).exceeded);
        }
        expect(counted).toEqual([false, false, true]);
      }
      expect(await inTime(one.readiness.check)).toEqual({ cache: 'failing' });
    });

    it('is heard through another node, and everything is looked at again', async () => {
      const before = one.heard.length;
      await strike(nodes[0]);
      await expect.poll(() => one.heard.slice(before), PATIENT).toContainEqual({ all: true });
      const [somebody, somebodyElse] = [{ userId: anId<UserId>() }, { userId: anId<UserId>() }];
      await other.sessionWatch.announce(somebody);
      await one.sessionWatch.announce(somebodyElse);

      await expect.poll(() => one.heard, PATIENT).toContainEqual(somebody);
      await expect.poll(() => other.heard, PATIENT).toContainEqual(somebodyElse);
    });
  });

  it('is used again when the frozen node has thawed', async () => {
    nodes[0]?.freeze();
    await expect.poll(one.readiness.check, PATIENT).toEqual({ cache: 'failing' });
    nodes[0]?.thaw();

    await expect.poll(one.readiness.check, PATIENT).toEqual({ cache: 'ok' });
  });

  it('hears each other from node to node', async () => {
    const [somebody, somebodyElse] = [{ userId: anId<UserId>() }, { userId: anId<UserId>() }];
    await one.sessionWatch.announce(somebody);
    await other.sessionWatch.announce(somebodyElse);

    await expect.poll(() => other.heard, PATIENT).toContainEqual(somebody);
    await expect.poll(() => one.heard, PATIENT).toContainEqual(somebodyElse);
  });
});
