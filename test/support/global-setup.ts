import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { dropDatabases } from './postgres/admin.ts';
import { findPostgres } from './postgres.ts';

/** What the suites get to know about the server of this run; `undefined` when there is none. */
export interface PostgresUnderTest {
  readonly url: string;
  /** Leads the name of every database of this run, so that runs can share a server. */
  readonly prefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresUnderTest | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = await findPostgres(process.env);
  if (!found.server) {
    const reasons = found.passed.map(({ source, reason }) => `  ${source}: ${reason}`).join('\n');
    if (process.env.CI)
      throw new Error(`No Postgres for the tests, and with CI set nothing may be skipped:\n${reasons}`);
    console.log(`Postgres: none, suites that need a server are skipped\n${reasons}`);
    project.provide('postgres', undefined);
    return async () => {};
  }
  const { server } = found;
  console.log(`Postgres: ${server.description}`);
  const postgres = { url: server.url, prefix: `castellan_test_${randomBytes(4).toString('hex')}_` };
  project.provide('postgres', postgres);
  return async () => {
    if (server.outlivesTheRun) await dropDatabases(postgres);
    await server.stop();
  };
}
