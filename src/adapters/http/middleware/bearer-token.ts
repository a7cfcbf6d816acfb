import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';
import { requestHeader } from './request-header.ts';

const SCHEME = 'bearer ';

/** RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1). Credentials of another form are an empty token. */
export function bearerToken(c: Context<HttpEnvironment>): string | undefined {
  const header = requestHeader(c, 'authorization');
  if (header === undefined) return undefined;
  return header.slice(0, SCHEME.length).toLowerCase() === SCHEME ? header.slice(SCHEME.length).trim() : '';
}
