import { createClient } from 'redis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Estate } from './harness/estate.ts';
import { LONG_ENOUGH_MS, makeScene, type Scene, throughTrouble } from './harness/redis-trouble.ts';
import { scaled } from './harness/scale.ts';

const SLOW_MS = 5_000;
const A_MOMENT_MS = scaled({ short: 500, long: 5_000 });

describe('Redis', () => {
  let estate: Estate;
  let scene: Scene;
  beforeAll(async () => {
    estate = await Estate.start();
    scene = await makeScene(estate);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  it('gives nothing back by being killed and started anew', () =>
    throughTrouble('Redis killed', scene, {
      strike: () => estate.redis.kill(),
      lastsMs: A_MOMENT_MS,
      mend: () => estate.redis.start(),
    }));

  it('gives nothing back by being frozen', () =>
    throughTrouble('Redis frozen', scene, {
      strike: () => estate.redis.freeze(),
      lastsMs: LONG_ENOUGH_MS,
      mend: () => estate.redis.thaw(),
    }));

  it('gives nothing back by forgetting everything', () =>
    throughTrouble('Redis flushed', scene, {
      strike: () => flush(estate.redis.url),
      lastsMs: 0,
      mend: () => {},
    }));

  it('gives nothing back by taking five seconds for everything', () =>
    throughTrouble('Redis slow', scene, {
      strike: () => estate.every('redis', (proxy) => proxy.delay(SLOW_MS)),
      lastsMs: LONG_ENOUGH_MS,
      mend: () => estate.every('redis', (proxy) => proxy.pass()),
    }));

  it('gives nothing back by being out of reach for one of the replicas', () =>
    throughTrouble('Redis out of reach of one', scene, {
      strike: () => estate.links[1]?.redis.freeze(),
      lastsMs: LONG_ENOUGH_MS,
      mend: () => estate.links[1]?.redis.pass(),
    }));
});

async function flush(url: string): Promise<void> {
  const client = await createClient({ url }).connect();
  await client.flushAll();
  client.destroy();
}
