import { randomBytes } from 'node:crypto';
import { asAdmin, drop, urlOf } from '../test/support/postgres/admin.ts';
import { findPostgres } from '../test/support/postgres.ts';

/** A database of one's own on the server that the tests would take. */
export async function benchDatabase(): Promise<
  { readonly url: string; readonly description: string } & AsyncDisposable
> {
  const { server, passed } = await findPostgres(process.env);
  if (!server) {
    throw new Error(`No Postgres:\n${passed.map(({ source, reason }) => `  ${source}: ${reason}`).join('\n')}`);
  }
  const name = `castellan_bench_${randomBytes(4).toString('hex')}`;
  const here = { url: server.url, prefix: name };
  await asAdmin(here, (admin) => admin.query(`create database ${name}`));
  return {
    url: urlOf(here, name),
    description: server.description,
    async [Symbol.asyncDispose]() {
      await drop(here, name);
      await server.stop();
    },
  };
}
