import type { MiddlewareHandler } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

const ALLOWED_METHODS = 'GET, POST, PATCH, DELETE';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Project-Id, X-Request-Id, traceparent';
const EXPOSED_HEADERS = 'ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/**
 * Lets pages of the listed origins read answers (ASVS 3.4.2). Never a wildcard, never with credentials: there are no
 * cookies. API keys are for back ends, so a page may not send one.
 */
export function cors(origins: readonly string[]): MiddlewareHandler<HttpEnvironment> {
  const allowed = new Set(origins);
  return async (c, next) => {
    c.header('Vary', 'Origin');
    const origin = c.req.header('origin');
    if (origin === undefined || !allowed.has(origin)) return next();
    c.header('Access-Control-Allow-Origin', origin);
    if (c.req.method !== 'OPTIONS' || c.req.header('access-control-request-method') === undefined) {
      c.header('Access-Control-Expose-Headers', EXPOSED_HEADERS);
      return next();
    }
    c.header('Access-Control-Allow-Methods', ALLOWED_METHODS);
    c.header('Access-Control-Allow-Headers', ALLOWED_HEADERS);
    c.header('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    return c.body(null, 204);
  };
}
