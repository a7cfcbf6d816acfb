import { containerServer } from './redis/container.ts';
import { givenServer } from './redis/given.ts';
import { installedServer } from './redis/installed.ts';
import { findServer, type ServerSearch } from './server-search.ts';

/**
 * The first that answers: `TEST_REDIS_URL`, a Docker engine, the server on the machine. `TEST_REDIS` names the one to
 * take (`url`, `docker`, `installed`) or `none`.
 */
export function findRedis(env: NodeJS.ProcessEnv): Promise<ServerSearch> {
  const sources = { url: givenServer, docker: containerServer, installed: installedServer };
  return findServer(sources, { env, choice: 'TEST_REDIS', given: 'TEST_REDIS_URL' });
}
