import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { countRequest, refuseExceeded, showWindow } from '../middleware/rate-limits.ts';
import { requestHeader } from '../middleware/request-header.ts';
import { CLIENT_ADDRESS_HEADER } from './project-access.ts';

/** No setting can raise it. */
export const HARD_CAP = { limit: 60, windowSeconds: 60 } as const;

/**
 * Counts every call of the Gate, the refused ones too, over all projects, by the connection's network. A call that
 * says whose address it comes from is counted against that one, if `enter` lets it say so; where it does not, against
 * the connection. A connection that has used up the cap is refused before anything is looked up. What could not be
 * looked up is nobody's fault and counts against nobody: a back end would stay shut out after an outage.
 * @throws IamError `rate-limited`, and what `enter` throws
 */
export async function underHardCap(
  c: Context<HttpEnvironment>,
  deps: Pick<HttpDependencies, 'rateLimiter'>,
  enter: () => Promise<void>,
): Promise<void> {
  const connection = c.get('clientNetwork');
  if (requestHeader(c, CLIENT_ADDRESS_HEADER.toLowerCase()) === undefined) {
    await count(c, deps, connection);
    return enter();
  }
  const standing = await deps.rateLimiter.peek(keyOf(connection), HARD_CAP);
  if (standing.exceeded) {
    showWindow(c, COUNTER, standing);
    refuseExceeded(standing);
  }
  try {
    await enter();
  } catch (error) {
    if (!isUnavailable(error)) await count(c, deps, connection);
    throw error;
  }
  await count(c, deps, c.get('clientNetwork'));
}

const COUNTER = { name: 'gate', dialect: 'gate' } as const;

function isUnavailable(error: unknown): boolean {
  return error instanceof IamError && error.code === 'unavailable';
}

function keyOf(network: string): string {
  return `gate:${network}`;
}

function count(
  c: Context<HttpEnvironment>,
  deps: Pick<HttpDependencies, 'rateLimiter'>,
  network: string,
): Promise<void> {
  return countRequest(c, deps, { ...COUNTER, key: keyOf(network), limit: HARD_CAP });
}
