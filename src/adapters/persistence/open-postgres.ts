import { openPool, type PostgresConnection } from './open-pool.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize?: number;
  /** False behind a pooler that hands out connections by transaction: no statement has a name then. */
  readonly prepare?: boolean;
  /** How long a statement may take at the server, and how long a transaction may stand still there. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, a free one or a new one. */
  readonly connectTimeoutMs?: number;
}

/** The answer of a server that has given up on a statement is worth waiting for. */
const GRACE_MS = 500;

export function openPostgres(options: PostgresOptions): PostgresConnection {
  const { url, poolSize = 10, prepare = true, statementTimeoutMs = 5000, connectTimeoutMs = 2000 } = options;
  return openPool(
    {
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementTimeoutMs + GRACE_MS,
      // A transaction pooler refuses start-up parameters that it does not know; there the client's deadline has to do.
      ...(prepare && {
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: statementTimeoutMs,
      }),
      keepAlive: true,
      application_name: 'castellan',
    },
    { prepare, max: poolSize },
  );
}
