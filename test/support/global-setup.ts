import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { dropDatabases } from './postgres/admin.ts';
import { findPostgres } from './postgres.ts';
import { findRedis } from './redis.ts';
import type { ServerSearch, TestServer } from './server-search.ts';

/** What the suites get to know about the server of this run; `undefined` when there is none. */
export interface PostgresUnderTest {
  readonly url: string;
  /** Leads the name of every database of this run, so that runs can share a server. */
  readonly prefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresUnderTest | undefined;
    /** Where a Redis of this run is. */
    redis: string | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = found('Postgres', await findPostgres(process.env));
  const postgres = database && { url: database.url, prefix: `castellan_test_${randomBytes(4).toString('hex')}_` };
  project.provide('postgres', postgres);
  const redis = found('Redis', await findRedis(process.env));
  project.provide('redis', redis?.url);
  return async () => {
    if (postgres && database?.outlivesTheRun) await dropDatabases(postgres);
    await Promise.all([database?.stop(), redis?.stop()]);
  };
}

/** Says which one it is; with CI set there has to be one. */
function found(name: string, { server, passed }: ServerSearch): TestServer | undefined {
  if (server) {
    console.log(`${name}: ${server.description}`);
    return server;
  }
  const reasons = passed.map(({ source, reason }) => `  ${source}: ${reason}`).join('\n');
  if (process.env.CI) throw new Error(`No ${name} for the tests, and with CI set nothing may be skipped:\n${reasons}`);
  console.log(`${name}: none, suites that need a server are skipped\n${reasons}`);
  return undefined;
}
