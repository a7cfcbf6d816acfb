import type { Context } from 'hono';
import { IamError, type Violation } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { HttpRefusal } from './http-refusal.ts';
import { requestHeader } from './request-header.ts';

export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_BODY_DEPTH = 32;

const JSON_MEDIA_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * The request's JSON. The length that the client declares is believed first; a body without one is counted while it is
 * read.
 * @throws HttpRefusal `payload-too-large`, `unsupported-media-type`, `malformed-json`
 * @throws IamError `validation-error` for nesting beyond 32, NUL, lone surrogates and `__proto__`, wherever they are
 */
export async function readJson(c: Context<HttpEnvironment>): Promise<unknown> {
  const bytes = await readBytes(c);
  if (!JSON_MEDIA_TYPE.test(requestHeader(c, 'content-type') ?? '')) throw new HttpRefusal('unsupported-media-type');
  return harmless(parse(bytes));
}

const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Whether a browser has submitted a form. */
export function isForm(c: Context<HttpEnvironment>): boolean {
  return FORM_MEDIA_TYPE.test(requestHeader(c, 'content-type') ?? '');
}

/**
 * The fields of a form. One that is there more than once is a list.
 * @throws HttpRefusal `payload-too-large`
 * @throws IamError `validation-error` as `readJson`
 */
export async function readForm(c: Context<HttpEnvironment>): Promise<unknown> {
  const fields = new URLSearchParams(new TextDecoder().decode(await readBytes(c)));
  const fieldOf = (name: string) => (fields.getAll(name).length > 1 ? fields.getAll(name) : fields.get(name));
  return harmless(Object.fromEntries([...fields.keys()].map((name) => [name, fieldOf(name)])));
}

/** As `readJson`, with `{}` for a request without a body. */
export async function readOptionalJson(c: Context<HttpEnvironment>): Promise<unknown> {
  return isChunked(c) || declaredLength(c) > 0 ? readJson(c) : {};
}

function declaredLength(c: Context<HttpEnvironment>): number {
  return Number(requestHeader(c, 'content-length') ?? 0);
}

function isChunked(c: Context<HttpEnvironment>): boolean {
  return requestHeader(c, 'transfer-encoding') !== undefined;
}

async function readBytes(c: Context<HttpEnvironment>): Promise<Uint8Array> {
  if (declaredLength(c) > MAX_BODY_BYTES) throw new HttpRefusal('payload-too-large');
  try {
    // Touching the stream leaves the server's fast path: only where there is no length to go by.
    return isChunked(c) ? await readCounting(c.req.raw.body) : new Uint8Array(await c.req.arrayBuffer());
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    // The client went away, or took too long: nobody reads the answer.
    throw new HttpRefusal('malformed-json');
  }
}

async function readCounting(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new HttpRefusal('payload-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new HttpRefusal('malformed-json');
  }
}

/** @throws IamError `validation-error` as `readJson` */
export function harmless(value: unknown): unknown {
  const violation = hazardIn(value, '', 1);
  if (violation !== undefined) throw new IamError('validation-error', { violations: [violation] });
  return value;
}

const HAZARDOUS_TEXT = /[\0\p{Surrogate}]/u;

/** The first thing in `value` that no field may hold. */
function hazardIn(value: unknown, field: string, depth: number): Violation | undefined {
  if (typeof value === 'string')
    return HAZARDOUS_TEXT.test(value) ? notAllowed(field, 'NUL or half a character') : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_BODY_DEPTH) return notAllowed(field, `nesting beyond ${MAX_BODY_DEPTH} levels`);
  for (const key of Object.keys(value)) {
    const path = field === '' ? key : `${field}.${key}`;
    if (key === '__proto__') return notAllowed(path, 'this name');
    if (HAZARDOUS_TEXT.test(key)) return notAllowed(field, 'a name with NUL or half a character');
    const violation = hazardIn((value as Readonly<Record<string, unknown>>)[key], path, depth + 1);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function notAllowed(field: string, what: string): Violation {
  return { field, message: `must not have ${what}`, code: 'NOT_ALLOWED' };
}
