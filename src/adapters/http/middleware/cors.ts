import type { MiddlewareHandler } from 'hono';
import type { HttpEnvironment } from '../environment.ts';
import { setAnswerHeader } from './answer-header.ts';
import { requestHeader } from './request-header.ts';

const ALLOWED_METHODS = 'GET, POST, PATCH, DELETE';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Project-Id, X-Request-Id, X-Verifier, traceparent';
const EXPOSED_HEADERS = 'ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/** The one route that asks for the one cookie. */
const WITH_COOKIE = /^(?:\/api)?\/v1\/auth\/exchange$/;

/**
 * Lets pages of the listed origins read answers (ASVS 3.4.2). Never a wildcard; with credentials only where a browser
 * fetches what its own sign-in has come to. API keys are for back ends, so a page may not send one.
 */
export function cors(origins: readonly string[]): MiddlewareHandler<HttpEnvironment> {
  const allowed = new Set(origins);
  return async (c, next) => {
    setAnswerHeader(c, 'Vary', 'Origin');
    const origin = requestHeader(c, 'origin');
    if (origin === undefined || !allowed.has(origin)) return next();
    setAnswerHeader(c, 'Access-Control-Allow-Origin', origin);
    if (WITH_COOKIE.test(c.req.path)) setAnswerHeader(c, 'Access-Control-Allow-Credentials', 'true');
    if (c.req.method !== 'OPTIONS' || requestHeader(c, 'access-control-request-method') === undefined) {
      setAnswerHeader(c, 'Access-Control-Expose-Headers', EXPOSED_HEADERS);
      return next();
    }
    setAnswerHeader(c, 'Access-Control-Allow-Methods', ALLOWED_METHODS);
    setAnswerHeader(c, 'Access-Control-Allow-Headers', ALLOWED_HEADERS);
    setAnswerHeader(c, 'Access-Control-Max-Age', PREFLIGHT_SECONDS);
    return c.body(null, 204);
  };
}
