import { IamError } from '../../domain/errors.ts';

/** Closes every commit: the SQLSTATE of `require_every_row`. */
const NOT_EVERY_ROW = 'CA001';
const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const LOST = new Set([
  NOT_EVERY_ROW,
  FOREIGN_KEY_VIOLATION,
  UNIQUE_VIOLATION,
  SERIALIZATION_FAILURE,
  DEADLOCK_DETECTED,
]);

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Connection exceptions, a role or a database that lets nobody in, insufficient resources, operator intervention and
 * timeouts, a standby after a failover.
 */
const UNAVAILABLE = /^(08|28|3D|53|57)|^(25006|55P03)$/;

/** What drivers say without a code when there is nobody to talk to, or no answer in time. */
const NO_ANSWER = /connect|timeout|timed out|socket|not queryable|pool|closed/i;

/** Somebody else was first: what was read is no longer so. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
  /** The constraint that said so, if one did. */
  readonly constraint: string | undefined;

  constructor(constraint: string | undefined, options: ErrorOptions) {
    super('somebody else was first', options);
    this.constraint = constraint;
  }
}

export function unavailable(cause: unknown): IamError<'unavailable'> {
  const error = new IamError('unavailable', { retryAfterSeconds: 1 });
  error.cause = cause;
  return error;
}

/** Somebody held for too long what was to be changed. */
export function isLockNotAvailable(error: unknown): boolean {
  const cause = error instanceof IamError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === LOCK_NOT_AVAILABLE;
}

/** The answer, or the failure in the project's own terms. */
export async function translated<T>(answer: PromiseLike<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw translation(error);
  }
}

function translation(error: unknown): unknown {
  const failure = driverError(error);
  if (failure === undefined) return error;
  const { code = '', severity, constraint, constraint_name } = failure;
  // Only a server says how severe it is; any other code is the driver's or the system's.
  if (severity !== undefined) {
    if (LOST.has(code)) return new LostRace(constraint ?? constraint_name, { cause: failure });
    return UNAVAILABLE.test(code) ? unavailable(failure) : failure;
  }
  return isSystemError(failure) || NO_ANSWER.test(`${code} ${failure.message}`) ? unavailable(failure) : failure;
}

/** Fields as `pg` and PGlite have them (`constraint`) or `postgres` (`constraint_name`). */
interface DriverError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly constraint?: string;
  readonly constraint_name?: string;
}

/** Drizzle wraps what the driver threw, and names every parameter in the message: that wrapper MUST go no further. */
function driverError(error: unknown): DriverError | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.cause instanceof Error ? error.cause : error;
}

/** `ECONNREFUSED` and its like; an attempt at several addresses fails with all of their errors in one. */
function isSystemError(error: Error): boolean {
  return 'syscall' in error || error instanceof AggregateError;
}
