import type { Config } from '../../config/config.ts';
import {
  type ExaminedDatabase,
  examineDatabase,
  examinePooling,
  missingMigrations,
  type PostgresConnection,
} from '../../persistence/index.ts';
import { clockFinding } from './clock-finding.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const OLDEST_VERSION = 140_000;

/** Of a database that can be asked. */
export async function* databaseFindings(
  connection: PostgresConnection,
  config: Pick<Config, 'database'>,
  now: () => Date,
): AsyncGenerator<Finding> {
  const { database, client } = connection;
  const examined = await examineDatabase(database, now);
  yield serverFinding(examined);
  yield clockFinding('database-clock', 'the database', examined.clockAheadMs);
  if (config.database.kind === 'postgres') yield* poolerFindings(client, config.database);
  yield migrationsFinding(await missingMigrations(database));
}

function serverFinding({ version, encoding, standby }: ExaminedDatabase): Finding {
  const name = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
  if (version < OLDEST_VERSION)
    return fail('database', `${name} is too old.`, 'Give the service PostgreSQL 14 or later.');
  if (standby) {
    return fail('database', `${name} is a standby, which takes no writes.`, 'Let DATABASE_URL name the primary.');
  }
  if (encoding !== 'UTF8') {
    return fail(
      'database',
      `The encoding is ${encoding}: names are lost.`,
      "Make it anew: create database … encoding 'UTF8'",
    );
  }
  return ok('database', `${name} answers.`);
}

async function* poolerFindings(
  client: PostgresConnection['client'],
  { prepare }: { readonly prepare: boolean },
): AsyncGenerator<Finding> {
  const { byTransaction, keepsStatements } = await examinePooling(client);
  if (prepare && !keepsStatements) {
    yield fail(
      'pooler',
      'Something between hands out connections by transaction, and loses prepared statements: requests fail at random.',
      'Set DATABASE_PREPARE=false, or let the pooler keep them (PgBouncer 1.21: max_prepared_statements).',
    );
  } else if (byTransaction) {
    yield warn(
      'pooler',
      'Something between hands out connections by transaction, through which the lock of migrations does not hold.',
      'Migrate past it: castellan migrate, with the DATABASE_URL of the server itself.',
    );
  } else {
    yield ok('pooler', 'Connections keep their sessions.');
  }
}

function migrationsFinding(missing: readonly string[]): Finding {
  if (missing.length === 0) return ok('migrations', 'The schema is up to date.');
  return fail('migrations', `The schema lacks ${missing.join(', ')}.`, 'Apply them: castellan migrate');
}
