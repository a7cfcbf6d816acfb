import type { Config } from '../config/config.ts';
import { migrate, openPostgres, type PostgresConnection } from '../persistence/index.ts';

/** Opens the configured database, and brings its schema up to date. */
export async function openDatabase({ database }: Config): Promise<PostgresConnection> {
  const opened =
    database.kind === 'postgres'
      ? await openPostgres(database)
      : // Loaded only where it is used: the embedded database is most of the process's memory.
        await (await import('../persistence/embedded/index.ts')).openEmbedded({ folder: database.dataDir });
  try {
    await migrate(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}
