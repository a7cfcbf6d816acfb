import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { logFailure } from '../middleware/failure-log.ts';
import { HttpRefusal } from '../middleware/http-refusal.ts';
import { gateErrorResponse } from './gate-errors.ts';

/** Turns whatever was thrown into `{"detail": …}`. Outside nothing is told of what was not meant to happen. */
export function gateRefusals(
  deps: Pick<HttpDependencies, 'logger'>,
): (error: Error, c: Context<HttpEnvironment>) => Response {
  return (error, c) => {
    if (error instanceof IamError || error instanceof HttpRefusal) return gateErrorResponse(c, error);
    logFailure(c, deps, error);
    return gateErrorResponse(c, new HttpRefusal('internal-error'));
  };
}
