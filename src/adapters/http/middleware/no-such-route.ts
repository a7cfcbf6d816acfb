import type { Context, Hono } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { HttpRefusal } from './http-refusal.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * For requests that no route answers: 405 with `Allow` where another method would do (RFC 9110 §15.5.6), else 404.
 * @throws IamError `not-found`
 * @throws HttpRefusal `method-not-allowed`
 */
export function noSuchRoute(app: Hono<HttpEnvironment>): (c: Context<HttpEnvironment>) => never {
  return (c) => {
    // What stands at every method is middleware, or this.
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method !== 'ALL'),
    );
    if (allowed.length === 0) throw new IamError('not-found');
    c.header('Allow', allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', '));
    throw new HttpRefusal('method-not-allowed');
  };
}
