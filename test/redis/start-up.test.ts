import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/adapters/config/config.ts';
import { openCache } from '../../src/adapters/container/cache.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { SystemClock } from '../../src/adapters/memory/index.ts';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { PATIENT } from './replica.ts';

const TIMEOUT = 30_000;

/** Says how many modules of the Redis client a service has loaded with its cache open, without one and with one. */
const SCRIPT = `
  import { createRequire } from 'node:module';
  import './src/adapters/container/service.ts';
  import { openCache } from './src/adapters/container/cache.ts';
  import { KeyRing } from './src/adapters/crypto/key-ring.ts';
  const keyRing = new KeyRing(new Uint8Array(32));
  const world = { clock: { now: () => new Date() }, keyRing, onTrouble() {} };
  const loaded = async (cache) => {
    const opened = await openCache({ cache }, world);
    await opened.close();
    const modules = Object.keys(createRequire(import.meta.url).cache);
    return modules.filter((path) => /node_modules.@?redis\\b/.test(path)).length;
  };
  const without = await loaded({ kind: 'memory' });
  console.log(JSON.stringify([without, await loaded({ kind: 'redis', nodes: ['redis://127.0.0.1:1'] })]));
`;

describe('the cache of a service', () => {
  it('loads nothing of Redis unless there is one', { timeout: TIMEOUT }, async () => {
    const options = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    const [without, withOne] = JSON.parse(stdout);

    expect(without).toBe(0);
    expect(withOne).toBeGreaterThan(0);
  });

  it('is always ready when it is memory', async () => {
    const cache = await open({ kind: 'memory' });

    expect(await cache.readiness.check()).toEqual({});
  });
});

describeWithRedis('the cache of two services with one REDIS_URL', () => {
  it('is shared, and ready', async () => {
    const kind = { kind: 'redis', nodes: [sharedRedis()] } as const;
    const [one, other] = await Promise.all([open(kind), open(kind)]);
    for (const { readiness } of [one, other]) await expect.poll(readiness.check, PATIENT).toEqual({ cache: 'ok' });
    const [key, limit] = [randomUUID(), { limit: 5, windowSeconds: 60 }];
    await one.rateLimiter.hit(key, limit);

    expect(await other.rateLimiter.hit(key, limit)).toMatchObject({ remaining: 3 });
    await Promise.all([one.close(), other.close()]);
  });
});

function open(cache: Config['cache']) {
  const keyRing = new KeyRing(new Uint8Array(32));
  return openCache({ cache }, { clock: new SystemClock(), keyRing, onTrouble: () => {} });
}
