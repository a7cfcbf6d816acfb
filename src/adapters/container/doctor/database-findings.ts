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
  if (config.database.kind === 'postgres') yield await poolerFinding(client, examined, config.database);
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

async function poolerFinding(
  client: PostgresConnection['client'],
  { limitsStatements }: ExaminedDatabase,
  { prepare }: { readonly prepare: boolean },
): Promise<Finding> {
  const { byTransaction, keepsStatements } = await examinePooling(client);
  if (prepare && !keepsStatements) {
    return fail(
      'pooler',
      'Something between hands out connections by transaction, and loses prepared statements: requests fail at random.',
      'Set DATABASE_PREPARE=false, or let the pooler keep them (PgBouncer 1.21: max_prepared_statements).',
    );
  }
  if (!byTransaction) return ok('pooler', 'Connections keep their sessions.');
  if (limitsStatements)
    return ok('pooler', 'Something between hands out connections by transaction, which is all right.');
  return warn(
    'pooler',
    'Something between hands out connections by transaction, and keeps the deadline of statements from the server: it goes on with what nobody waits for any more.',
    "Give the service's role one at the server: alter role … set statement_timeout = '5s'",
  );
}

function migrationsFinding(missing: readonly string[]): Finding {
  if (missing.length === 0) return ok('migrations', 'The schema is up to date.');
  return fail('migrations', `The schema lacks ${missing.join(', ')}.`, 'Apply them: castellan migrate');
}
