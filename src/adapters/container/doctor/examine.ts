import type { Config } from '../../config/config.ts';
import { keptMasterKey } from '../../config/master-key.ts';
import { SystemClock, UuidV7Generator } from '../../memory/index.ts';
import { missingMigrations, type PostgresConnection, persistencePorts } from '../../persistence/index.ts';
import { attesting } from '../attesting.ts';
import { holdsDatabase, openDatabase } from '../database.ts';
import { causeOf, isRefusal } from '../failure-text.ts';
import { keyRingOf } from '../key-ring-of.ts';
import { cacheFindings } from './cache-findings.ts';
import { configurationFindings } from './configuration-findings.ts';
import { databaseFindings } from './database-findings.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { mailFinding } from './mail-finding.ts';
import { masterKeyFinding } from './master-key-finding.ts';
import { signingKeyFindings } from './signing-key-findings.ts';
import { watchingFindings } from './watching-findings.ts';

/** Looks at everything that the service needs, and changes nothing. */
export async function* examine(config: Config): AsyncGenerator<Finding> {
  yield* configurationFindings(config);
  yield* watchingFindings(config);
  yield* storeFindings(config);
  yield* cacheFindings(config, now);
  yield await mailFinding(config);
}

const clock = new SystemClock();
const now = () => clock.now();

async function* storeFindings(config: Config): AsyncGenerator<Finding> {
  const { database } = config;
  if (database.kind === 'embedded' && !(await holdsDatabase(database.dataDir))) {
    yield warn('database', `There is none in ${database.dataDir} yet.`, 'The first start makes it: castellan serve');
    return;
  }
  let connection: PostgresConnection | undefined;
  try {
    connection = await openDatabase(config);
    yield* databaseFindings(connection, config, now);
    if ((await missingMigrations(connection.database)).length === 0) yield* sealedFindings(config, connection);
  } catch (error) {
    yield unreachable(reasonOf(error), database.kind);
  } finally {
    await connection?.close();
  }
}

async function* sealedFindings(config: Config, { database }: PostgresConnection): AsyncGenerator<Finding> {
  const masterKey = config.masterKey ?? (await keptMasterKey(config.dataDir));
  if (masterKey === undefined) {
    yield warn(
      'master-key',
      `There is none in ${config.dataDir}.`,
      'The first start makes it. If there has been one, restore it from a backup before that.',
    );
    return;
  }
  const keyRing = keyRingOf(config, masterKey);
  const ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested: attesting(keyRing) });
  if ((await ports.projectDirectory.platform()) === undefined) {
    yield warn('platform', 'It is not installed yet.', 'Install it: castellan serve, or castellan owner create');
    return;
  }
  yield ok('platform', 'It is installed.');
  const { signingKeyDays } = config;
  yield* signingKeyFindings({ ...ports, keyRing, clock, signingKeyDays });
  yield await masterKeyFinding({ ...ports, keyRing, clock });
}

function reasonOf(error: unknown): string {
  if (isRefusal(error)) return `It does not answer: ${causeOf(error)}`;
  return error instanceof Error ? error.message : String(error);
}

/** How PgBouncer answers whoever wants a session of their own. */
const REFUSED_BY_POOLER = /unsupported startup parameter/;

function unreachable(reason: string, kind: Config['database']['kind']): Finding {
  if (!REFUSED_BY_POOLER.test(reason)) return fail('database', reason, adviceFor(kind));
  const message = `Something between takes no connection that keeps its session. ${reason}`;
  return fail('pooler', message, 'Set DATABASE_PREPARE=false.');
}

function adviceFor(kind: Config['database']['kind']): string {
  return kind === 'embedded'
    ? 'While the service runs, its own GET /readyz says how it is.'
    : 'Try the same by hand: psql "$DATABASE_URL"';
}
