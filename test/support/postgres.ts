import { containerServer } from './postgres/container.ts';
import { embeddedServer } from './postgres/embedded.ts';
import { givenServer } from './postgres/given.ts';
import { installedServer } from './postgres/installed.ts';

export interface PostgresServer {
  readonly url: string;
  /** Where it came from, for the person who reads the output. */
  readonly description: string;
  /** Not ours to stop: what the run made there is dropped one by one. */
  readonly outlivesTheRun: boolean;
  stop(): Promise<void>;
}

/** Throws an error whose message says why it has no server to offer. */
export type PostgresSource = (env: NodeJS.ProcessEnv) => Promise<PostgresServer>;

export interface PostgresSearch {
  readonly server: PostgresServer | undefined;
  readonly passed: readonly { readonly source: string; readonly reason: string }[];
}

const SOURCES: Readonly<Record<string, PostgresSource>> = {
  url: givenServer,
  docker: containerServer,
  installed: installedServer,
  embedded: embeddedServer,
};

/**
 * The first that answers: `TEST_DATABASE_URL`, a Docker engine, server binaries on the machine, binaries from npm.
 * `TEST_POSTGRES` names the one to take (`url`, `docker`, `installed`, `embedded`) or `none`.
 */
export async function findPostgres(env: NodeJS.ProcessEnv): Promise<PostgresSearch> {
  const only = env.TEST_POSTGRES;
  if (only !== undefined && only !== 'none' && !(only in SOURCES)) {
    throw new Error(`TEST_POSTGRES: ${only} is none of ${Object.keys(SOURCES).join(', ')}, none`);
  }
  const passed: { source: string; reason: string }[] = [];
  for (const [source, start] of Object.entries(SOURCES)) {
    if (only !== undefined && only !== source) {
      passed.push({ source, reason: `TEST_POSTGRES is ${only}` });
      continue;
    }
    try {
      return { server: await start(env), passed };
    } catch (error) {
      // A server that was asked for by name is never silently replaced by another.
      if (source === 'url' && env.TEST_DATABASE_URL) throw error;
      passed.push({ source, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { server: undefined, passed };
}
