import { AuthorizationResponseError } from 'openid-client';
import { IamError } from '../../domain/errors.ts';

const RETRY_AFTER_SECONDS = 5;

/** What a provider says that has trouble of its own (RFC 6749 §4.1.2.1). */
const TROUBLE = new Set(['server_error', 'temporarily_unavailable']);

/** Whatever it was: a provider that cannot be asked has said nothing about anybody. */
export function unavailable(cause: unknown): IamError {
  return refusalIn(cause) ?? because(new IamError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }), cause);
}

/** Of whatever went wrong with somebody who came back. */
export function refusalOf(error: unknown): IamError {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return refusal;
  if (!(error instanceof AuthorizationResponseError)) return because(new IamError('token-invalid'), error);
  return TROUBLE.has(error.error) ? unavailable(error) : because(new IamError('invalid-credentials'), error);
}

/** The library wraps what it does not know. */
function refusalIn(error: unknown): IamError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof IamError) return cause;
  }
  return undefined;
}

function because(refusal: IamError, cause: unknown): IamError {
  refusal.cause = cause;
  return refusal;
}
