import { containerServer } from './postgres/container.ts';
import { embeddedServer } from './postgres/embedded.ts';
import { givenServer } from './postgres/given.ts';
import { installedServer } from './postgres/installed.ts';
import { findServer, type ServerSearch } from './server-search.ts';

/**
 * The first that answers: `TEST_DATABASE_URL`, a Docker engine, server binaries on the machine, binaries from npm.
 * `TEST_POSTGRES` names the one to take (`url`, `docker`, `installed`, `embedded`) or `none`.
 */
export function findPostgres(env: NodeJS.ProcessEnv): Promise<ServerSearch> {
  const sources = {
    url: givenServer,
    docker: containerServer,
    installed: installedServer,
    embedded: embeddedServer,
  };
  return findServer(sources, { env, choice: 'TEST_POSTGRES', given: 'TEST_DATABASE_URL' });
}
