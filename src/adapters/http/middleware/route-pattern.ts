import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { HttpEnvironment } from '../environment.ts';

/** Where no route is. */
const NOWHERE = '/*';

/** The pattern of the route that a request is for, whether or not something before it has answered. */
export function routePattern(c: Context<HttpEnvironment>): string {
  // What stands at every method is middleware, or there to say that nothing is there.
  return matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? NOWHERE;
}
