import type { Context, Hono } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { HttpRefusal } from './http-refusal.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Why no route answers: 405 with `Allow` where another method would do (RFC 9110 §15.5.6), else 404.
 */
export function noSuchRoute(app: Hono<HttpEnvironment>): (c: Context<HttpEnvironment>) => IamError | HttpRefusal {
  return (c) => {
    // What stands at every method is middleware, or this.
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method !== 'ALL'),
    );
    if (allowed.length === 0) return new IamError('not-found');
    c.header('Allow', allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', '));
    return new HttpRefusal('method-not-allowed');
  };
}
