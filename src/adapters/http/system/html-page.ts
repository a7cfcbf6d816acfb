import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

/** Nothing from elsewhere, no script or style but the files named by the page, in nobody's frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page of the service's own, never stored. */
export function htmlPage(c: Context<HttpEnvironment>, html: string): Response {
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  return c.body(html, 200, { 'Content-Type': 'text/html; charset=UTF-8' });
}
