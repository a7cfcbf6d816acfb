import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { Database } from './database.ts';

/** Connections of a pool. */
export interface PoolLoad {
  readonly open: number;
  readonly idle: number;
  /** Statements that wait for one. */
  readonly waiting: number;
  /** How many may be open. */
  readonly most: number;
}

export interface PostgresConnection {
  readonly database: Database;
  /** For what needs a session of its own, which no pool gives. */
  readonly client: pg.ClientConfig;
  load(): PoolLoad;
  /** Waits for the statements under way. */
  close(): Promise<void>;
}

/** A pool of `pg` connections; none of its troubles reaches the process but as the failure of a statement. */
export function openPool(
  client: pg.ClientConfig,
  { prepare, ...limits }: Pick<pg.PoolConfig, 'max' | 'idleTimeoutMillis'> & { readonly prepare: boolean },
): PostgresConnection {
  const pool = new pg.Pool({ ...client, ...limits });
  // A connection that dies while idle is replaced when one is needed: whoever needs it hears of lasting trouble.
  pool.on('error', () => {});
  // All that Drizzle asks of a client outside of transactions, of which there are none.
  const queryable = { query: (statement: pg.QueryConfig, values: unknown[]) => query(pool, statement, values) };
  return {
    database: new Database(drizzle({ client: queryable as unknown as pg.Pool }), { prepare }),
    client,
    load: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      most: pool.options.max,
    }),
    close: () => pool.end(),
  };
}

/** As `pool.query`, which throws the connection away whatever the error: a lost race would cost a handshake. */
async function query(pool: pg.Pool, statement: pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.once('error', onError);
  try {
    return await client.query(statement, values);
  } catch (error) {
    if (!isMereRefusal(error)) broken = error as Error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** The server refused the statement, and the connection is as good as before. */
function isMereRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
