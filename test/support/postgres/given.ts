import pg from 'pg';
import type { TestServer } from '../server-search.ts';

/** The server of `TEST_DATABASE_URL`; its role must be allowed to create databases. */
export async function givenServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const url = env.TEST_DATABASE_URL;
  if (!url) throw new Error('TEST_DATABASE_URL is not set');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  const description = `TEST_DATABASE_URL, version ${rows[0]?.server_version ?? 'unknown'}`;
  return { url, description, outlivesTheRun: true, stop: async () => {} };
}
