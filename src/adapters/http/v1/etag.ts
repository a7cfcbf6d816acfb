import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { requestHeader } from '../middleware/request-header.ts';

type HttpContext = Context<HttpEnvironment>;

/** A strong validator (RFC 9110 §8.8.1): equal exactly when the representation is. */
export function etagOf(representation: object): string {
  return `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 27)}"`;
}

/** Sets the `ETag`; true when the caller has this very representation already, so that 304 says it all. */
export function isKnownToCaller(c: HttpContext, representation: object): boolean {
  const etag = etagOf(representation);
  c.header('ETag', etag);
  const known = requestHeader(c, 'if-none-match');
  if (known === undefined) return false;
  return isAny(known) || entityTagsOf(known).some((tag) => tag.replace(/^W\//, '') === etag);
}

/**
 * What `If-Match` asks of the current state (RFC 9110 §13.1.1), or `undefined` where it asks nothing. The comparison is
 * strong: a weak tag never matches.
 */
export function ifMatch<State>(
  c: HttpContext,
  present: (current: State) => object,
): ((current: State) => boolean) | undefined {
  const wanted = requestHeader(c, 'if-match');
  if (wanted === undefined) return undefined;
  return (current) => isAny(wanted) || entityTagsOf(wanted).includes(etagOf(present(current)));
}

/** For a resource that has no representation of its own: no tag can match it, and only `*` does. @throws IamError */
export function assertIfMatchIsAny(c: HttpContext): void {
  const wanted = requestHeader(c, 'if-match');
  if (wanted !== undefined && !isAny(wanted)) throw new IamError('precondition-failed');
}

function isAny(header: string): boolean {
  return header.trim() === '*';
}

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

function entityTagsOf(header: string): readonly string[] {
  return header.match(ENTITY_TAG) ?? [];
}
