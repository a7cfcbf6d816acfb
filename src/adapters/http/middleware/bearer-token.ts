import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

const BEARER = /^bearer +(\S+) *$/i;

/** RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1). A malformed header is an empty token. */
export function bearerToken(c: Context<HttpEnvironment>): string | undefined {
  const header = c.req.header('authorization');
  return header === undefined ? undefined : (BEARER.exec(header)?.[1] ?? '');
}
