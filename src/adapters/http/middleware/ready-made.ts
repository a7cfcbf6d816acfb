import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

/** An answer that was made once and is given many times. */
export interface ReadyMade {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly etag: string;
}

export function readyMade(given: Omit<ReadyMade, 'etag'>): ReadyMade {
  return { ...given, etag: `"${createHash('sha256').update(given.body).digest('base64url').slice(0, 22)}"` };
}

/** 304 where the client has it already (RFC 9110 §13.1.2). */
export function giveReadyMade(c: Context<HttpEnvironment>, answer: ReadyMade): Response {
  c.header('Cache-Control', answer.cacheControl);
  c.header('ETag', answer.etag);
  if (isNamed(answer.etag, c.req.header('if-none-match'))) return c.body(null, 304);
  c.header('Content-Type', answer.contentType);
  return c.body(answer.body);
}

function isNamed(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}
