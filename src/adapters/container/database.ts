import type { Config } from '../config/config.ts';
import { migrate, missingMigrations, openPostgres, type PostgresConnection } from '../persistence/index.ts';

/** There is something to be done before this can be. The message is for the operator. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** Opens the configured database, which is made where it is embedded and not there yet. */
export async function openDatabase({ database }: Pick<Config, 'database'>): Promise<PostgresConnection> {
  if (database.kind === 'postgres') return openPostgres(database);
  // Loaded only where it is used: the embedded database is most of the process's memory.
  const { openEmbedded } = await import('../persistence/embedded/index.ts');
  return openEmbedded({ folder: database.dataDir });
}

/** Brings its schema up to date, and answers the names of the migrations that it lacked. */
export async function migrateDatabase(config: Pick<Config, 'database'>): Promise<readonly string[]> {
  const connection = await openDatabase(config);
  try {
    return await migrate(connection);
  } finally {
    await connection.close();
  }
}

/** Opens it, and brings its schema up to date. */
export function openMigrating(config: Pick<Config, 'database'>): Promise<PostgresConnection> {
  return opened(config, async (connection) => void (await migrate(connection)));
}

/** Opens what is there and up to date: a command that is about something else changes no schema. @throws NotReady */
export async function openMigrated({ database }: Pick<Config, 'database'>): Promise<PostgresConnection> {
  if (database.kind === 'embedded' && !(await holdsDatabase(database.dataDir))) {
    throw new NotReady(`There is no database in ${database.dataDir}. Make one: castellan serve, or castellan migrate`);
  }
  return opened({ database }, async (connection) => {
    const missing = await missingMigrations(connection.database);
    if (missing.length === 0) return;
    throw new NotReady(`The database lacks ${missing.length} migrations. Apply them: castellan migrate`);
  });
}

async function opened(
  config: Pick<Config, 'database'>,
  prepare: (connection: PostgresConnection) => Promise<void>,
): Promise<PostgresConnection> {
  const connection = await openDatabase(config);
  try {
    await prepare(connection);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Whether the folder of an embedded database holds one. */
export async function holdsDatabase(folder: string): Promise<boolean> {
  const { isDatabaseFolder } = await import('../persistence/embedded/index.ts');
  return isDatabaseFolder(folder);
}
