import { createClient } from 'redis';
import { afterAll, beforeAll } from 'vitest';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { type Backdoor, describeCacheContracts } from './contracts.ts';

describeWithRedis('a Redis server', () => {
  let client: Backdoor & { destroy(): void };
  beforeAll(async () => {
    client = await createClient({ url: sharedRedis() }).connect();
  });
  afterAll(() => client.destroy());

  describeCacheContracts(
    'Redis',
    () => [sharedRedis()],
    () => client,
  );
});
