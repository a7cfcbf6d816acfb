import { parseArgs } from 'node:util';
import { asAdmin } from '../../test/support/postgres/admin.ts';
import { startMailSink } from '../mail-sink.ts';
import { CITY, sizeOf } from './size.ts';
import { makeTown } from './town-database.ts';

/** `npm run bench:data -- --database URL [--users N] [--sessions N]`, for `npm run bench -- --town URL`. */
const { values: options } = parseArgs({
  options: { database: { type: 'string' }, users: { type: 'string' }, sessions: { type: 'string' } },
});
const { database } = options;
if (database === undefined) throw new Error('--database names the database to make: postgres://…/name');
const size = sizeOf(options, CITY);

const admin = new URL(database);
const name = admin.pathname.slice(1);
admin.pathname = '/postgres';
await asAdmin({ url: admin.href, prefix: name }, (client) => client.query(`create database "${name}"`));
await using mail = await startMailSink();
await makeTown(database, mail.url, size, (line) => console.error(line));
