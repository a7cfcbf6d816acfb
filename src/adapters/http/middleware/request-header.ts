import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

/** A header of the request, by its name in lower case. Under a server it is read where Node has parsed it already. */
export function requestHeader(c: Context<HttpEnvironment>, name: string): string | undefined {
  const incoming = c.env?.incoming;
  if (incoming === undefined) return c.req.header(name);
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : undefined;
}
