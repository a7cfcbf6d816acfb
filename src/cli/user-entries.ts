import { isRefusal } from '../adapters/container/failure-text.ts';
import { type ImportEntry, refusalOf } from '../application/users/import-outcome.ts';
import type { UserRecord } from '../application/users/user-record.ts';
import { boundedLines } from './bounded-lines.ts';

/** As much as a request may have. */
const MOST_BYTES = 64 * 1024;
const BLANK = /^\s*$/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Who is on each line; blank ones are nobody. */
export async function* userEntries(
  chunks: AsyncIterable<Buffer>,
  userRecord: (input: unknown) => UserRecord,
): AsyncGenerator<ImportEntry> {
  for await (const { line, bytes } of boundedLines(chunks, MOST_BYTES)) {
    if (bytes === undefined) {
      yield { line, refusal: { code: 'line-too-long', message: `has more than ${MOST_BYTES} bytes` } };
      continue;
    }
    const json = parsed(bytes);
    if (json === 'blank') continue;
    yield json === undefined ? { line, refusal: MALFORMED } : { line, ...recordOf(json.value, userRecord) };
  }
}

const MALFORMED = { code: 'malformed-line', message: 'is not JSON in UTF-8' } as const;

function parsed(bytes: Buffer): { readonly value: unknown } | 'blank' | undefined {
  try {
    const text = utf8.decode(bytes);
    return BLANK.test(text) ? 'blank' : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function recordOf(json: unknown, userRecord: (input: unknown) => UserRecord) {
  try {
    return { record: userRecord(json) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refusal: refusalOf(error) };
  }
}
