import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openPool, type PostgresConnection } from '../open-pool.ts';
import { startDatabaseThread } from './database-thread.ts';
import { lockFolder } from './folder-lock.ts';
import { snapshotFile } from './snapshot-file.ts';

export interface EmbeddedOptions {
  /** Made when it is not there; whatever else lies in it is left alone. */
  readonly folder: string;
}

const SOCKET_NAME = '.s.PGSQL.5432';
/** Statements wait in one line. */
const PATIENCE_MS = 30_000;

/**
 * PostgreSQL inside this process, in a folder: for looking and developing. It does not sync to disk, so a power cut may
 * cost what was written.
 * @throws FolderInUse when a process that is alive has the folder
 */
export async function openEmbedded({ folder }: EmbeddedOptions): Promise<PostgresConnection> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  const socketFolder = await mkdtemp(join(tmpdir(), 'castellan-'));
  const leave = async () => {
    await rm(socketFolder, { recursive: true, force: true });
    await unlock();
  };
  try {
    const thread = await startDatabaseThread({
      ...(await dataIn(folder)),
      socket: join(socketFolder, SOCKET_NAME),
    });
    await writeFile(join(folder, COMPLETE), '');
    const connection = openOneConnection({ host: socketFolder, user: 'postgres', database: 'postgres' });
    return {
      ...connection,
      async close() {
        await connection.close();
        await thread.close();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** There once the folder has held a whole database: without it, what lies there was interrupted before its first use. */
const COMPLETE = 'database-complete';

/** Whether the folder holds a whole database. */
export function isDatabaseFolder(folder: string): boolean {
  return existsSync(join(folder, COMPLETE));
}

async function dataIn(folder: string): Promise<{ readonly dataFolder: string; readonly snapshot: string | undefined }> {
  const dataFolder = join(folder, 'database');
  if (isDatabaseFolder(folder)) return { dataFolder, snapshot: undefined };
  await rm(dataFolder, { recursive: true, force: true });
  const snapshot = snapshotFile();
  return { dataFolder, snapshot: existsSync(snapshot) ? snapshot : undefined };
}

/**
 * One session stands behind all connections, and their messages mix: with two of them a statement of one would run
 * with the values of the other. For the same reason no statement has a name.
 */
function openOneConnection(client: pg.ClientConfig): PostgresConnection {
  return openPool(
    { ...client, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS },
    { prepare: false, max: 1, idleTimeoutMillis: 0 },
  );
}
