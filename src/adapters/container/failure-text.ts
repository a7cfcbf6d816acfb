import { IamError } from '../../domain/errors.ts';
import { PROBLEMS } from '../http/v1/problem-table.ts';

const LOOK = 'To see why: castellan doctor';

/** A failure in words for the operator: what the v1 API says of it, and what there is to know and to do besides. */
export function failureText(error: unknown): string {
  if (isRefusal(error)) return refusalText(error);
  if (!(error instanceof Error)) return String(error);
  return isOfServer(error) ? refusedBy(error) : error.message;
}

/** Only a database server says how severe it is. */
function isOfServer(error: unknown): error is Error & { readonly severity: unknown } {
  return error instanceof Error && 'severity' in error;
}

function refusedBy({ message }: Error): string {
  return `The database refuses: ${message}. ${LOOK}`;
}

export function isRefusal(error: unknown): error is IamError {
  return error instanceof IamError;
}

/** Why something does not answer. Where several addresses were tried, their errors are in one that says nothing itself. */
export function causeOf({ cause }: Error): string {
  const [first = cause] = cause instanceof AggregateError ? cause.errors : [];
  return first instanceof Error ? first.message : 'no reason given';
}

function refusalText(error: IamError): string {
  if (error.is('validation-error')) {
    return error.details.violations.map(({ field, message }) => `${field} ${message}`).join('; ');
  }
  const [, , detail] = PROBLEMS[error.code];
  if (error.is('rotation-too-soon')) return `${detail} ${again(error.details.retryAfterSeconds)}`;
  if (error.is('unavailable')) {
    return isOfServer(error.cause)
      ? refusedBy(error.cause)
      : `The database does not answer: ${causeOf(error)}. ${LOOK}`;
  }
  return detail;
}

function again(seconds: number): string {
  return `Try again in ${seconds} s, at ${new Date(Date.now() + seconds * 1000).toISOString()}.`;
}
