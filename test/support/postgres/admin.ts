import pg from 'pg';
import type { PostgresUnderTest } from '../global-setup.ts';

/** What a run has made on a server that outlives it. */
export async function dropDatabases(server: PostgresUnderTest): Promise<void> {
  const { rows } = await asAdmin(server, (admin) =>
    admin.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [server.prefix]),
  );
  for (const { datname } of rows) await drop(server, datname);
}

export async function drop(server: PostgresUnderTest, name: string): Promise<void> {
  await asAdmin(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
}

export async function asAdmin<T>(server: PostgresUnderTest, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

export function urlOf(server: PostgresUnderTest, name: string): string {
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}
