import pg from 'pg';
import { freshDatabase } from '../../support/databases.ts';

/** A database that is reached as somebody whose password is given. */
export async function aDatabaseBehind(password: string) {
  const database = await freshDatabase();
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const name = new URL(database.url).pathname.slice(1);
  const role = `${name}_canary`;
  const { rows } = await admin.query<{ is_superuser: string }>('show is_superuser');
  await admin.query(
    `create role ${role} login ${rows[0]?.is_superuser === 'on' ? 'superuser' : ''} password '${password}'`,
  );
  const url = new URL(database.url);
  url.username = role;
  url.password = password;
  return {
    url: url.href,
    query: async (sql: string) => (await admin.query(sql)).rows as readonly Readonly<Record<string, unknown>>[],
    /** Nobody is let in by the old password any more, and whoever was in is out. */
    async shutOut(): Promise<void> {
      await admin.query(`alter role ${role} nologin password 'another'`);
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role]);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await admin.end();
      await database[Symbol.asyncDispose]();
      const elsewhere = new pg.Client({ connectionString: database.url.replace(`/${name}`, '/postgres') });
      await elsewhere.connect();
      await elsewhere.query(`drop role ${role}`);
      await elsewhere.end();
    },
  };
}
