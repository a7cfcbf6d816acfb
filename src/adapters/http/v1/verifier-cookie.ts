import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { AUTHORIZATION_REQUEST_SECONDS } from '../../../domain/session/authorization-request.ts';
import type { HttpEnvironment } from '../environment.ts';
import { requestHeader } from '../middleware/request-header.ts';
import { secretField } from './fields.ts';

type HttpContext = Context<HttpEnvironment>;

const NAME = 'castellan-verifier';
/** Of no subdomain, no script and no plain connection; sent along when a provider sends the browser back (RFC 6265bis). */
const ATTRIBUTES = { prefix: 'host', secure: true, httpOnly: true, sameSite: 'Lax', path: '/' } as const;
/** The verifier that the browser holds for a sign-in. */
export function heldVerifier(c: HttpContext): string | undefined {
  return secretField.safeParse(getCookie(c, NAME, 'host')).data;
}

export function holdVerifier(c: HttpContext, verifier: string): void {
  setCookie(c, NAME, verifier, { ...ATTRIBUTES, maxAge: AUTHORIZATION_REQUEST_SECONDS });
}

export function dropVerifier(c: HttpContext): void {
  deleteCookie(c, NAME, ATTRIBUTES);
}

/** Whether a page of our own asks: said by the browser, and by no script (Fetch Metadata). */
export function isFromOwnPage(c: HttpContext): boolean {
  return requestHeader(c, 'sec-fetch-site') === 'same-origin';
}
