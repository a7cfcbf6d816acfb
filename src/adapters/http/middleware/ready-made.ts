import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';
import { setAnswerHeader } from './answer-header.ts';
import { requestHeader } from './request-header.ts';

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
  setAnswerHeader(c, 'Cache-Control', answer.cacheControl);
  setAnswerHeader(c, 'ETag', answer.etag);
  if (isNamed(answer.etag, requestHeader(c, 'if-none-match'))) return c.body(null, 304);
  return c.body(answer.body, 200, { 'Content-Type': answer.contentType });
}

function isNamed(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => {
    const tag = candidate.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}
