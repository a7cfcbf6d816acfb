import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { logFailure } from '../middleware/failure-log.ts';
import { HttpRefusal } from '../middleware/http-refusal.ts';
import { problemResponse } from './problem-response.ts';

/** Turns whatever was thrown into a problem. Outside nothing is told of what was not meant to happen. */
export function refusals(
  deps: Pick<HttpDependencies, 'publicUrl' | 'logger'>,
): (error: Error, c: Context<HttpEnvironment>) => Response {
  return (error, c) => {
    if (error instanceof IamError) return problemResponse(c, deps.publicUrl, error);
    if (error instanceof HttpRefusal) return problemResponse(c, deps.publicUrl, error.code);
    logFailure(c, deps, error);
    return problemResponse(c, deps.publicUrl, 'internal-error');
  };
}
