import { createClient } from 'redis';
import type { TestServer } from '../server-search.ts';

/** The server of `TEST_REDIS_URL`. What the tests leave there goes by itself. */
export async function givenServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const url = env.TEST_REDIS_URL;
  if (!url) throw new Error('TEST_REDIS_URL is not set');
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  await client.connect();
  const [, version = 'unknown'] = /redis_version:(\S+)/.exec(await client.info('server')) ?? [];
  client.destroy();
  return { url, description: `TEST_REDIS_URL, version ${version}`, outlivesTheRun: true, stop: async () => {} };
}
