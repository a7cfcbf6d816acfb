import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { setAnswerHeader } from './answer-header.ts';
import { clientOrigin, UNKNOWN_NETWORK } from './client-address.ts';
import { requestHeader } from './request-header.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** W3C Trace Context §3.2; the id of all zeros and version `ff` are not valid. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;

/**
 * What every request has: an id (the caller's, if that is a UUID), a trace, an origin; and what every answer has, set
 * before there is one. Answers are not to be stored unless a route says otherwise.
 */
export function requestContext(deps: HttpDependencies): (c: Context<HttpEnvironment>) => void {
  const originOf = clientOrigin(deps);
  return (c) => {
    const requestId = requestIdOf(c);
    const origin = originOf(c);
    c.set('requestId', requestId);
    c.set('traceId', c.get('traceId') ?? traceIdOf(c));
    c.set('origin', origin);
    c.set('clientNetwork', origin.network ?? UNKNOWN_NETWORK);
    setAnswerHeader(c, 'X-Request-Id', requestId);
    setAnswerHeader(c, 'X-Content-Type-Options', 'nosniff');
    setAnswerHeader(c, 'Referrer-Policy', 'no-referrer');
    setAnswerHeader(c, 'Cache-Control', 'no-store');
  };
}

/** The caller's, or of a new trace. Where requests have spans, theirs is set already. */
function traceIdOf(c: Context<HttpEnvironment>): string {
  const traceparent = requestHeader(c, 'traceparent');
  return (traceparent && TRACEPARENT.exec(traceparent)?.[1]) || randomUUID().replaceAll('-', '');
}

/** The caller's, if that is a UUID, else a new one. */
export function requestIdOf(c: Context<HttpEnvironment>): string {
  const given = requestHeader(c, 'x-request-id');
  return given !== undefined && UUID.test(given) ? given : randomUUID();
}
