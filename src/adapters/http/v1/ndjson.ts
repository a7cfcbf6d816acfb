import { ReadableStream } from 'node:stream/web';
import type { Context } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { logFailure } from '../middleware/failure-log.ts';

export const NDJSON = 'application/x-ndjson';

const CHUNK_LENGTH = 16_384;

/**
 * Answers one JSON value a line, made as fast as they are read. Should one fail to come, the connection breaks: half a
 * list is not taken for a whole one.
 */
export function ndjson(
  c: Context<HttpEnvironment>,
  deps: Pick<HttpDependencies, 'logger'>,
  values: AsyncIterable<object> | Iterable<object>,
): Response {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      let text = '';
      for await (const value of values) {
        text += `${JSON.stringify(value)}\n`;
        if (text.length < CHUNK_LENGTH) continue;
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    } catch (error) {
      logFailure(c, deps, error as Error);
      throw error;
    }
  }
  const body = ReadableStream.from(chunks()) as globalThis.ReadableStream;
  return c.body(body, 200, { 'Content-Type': NDJSON });
}
