import { hash } from 'node:crypto';
import { IamError } from '../../domain/errors.ts';

/** The public service of Have I Been Pwned. */
export const HIBP_URL = 'https://api.pwnedpasswords.com/';

const PREFIX_LENGTH = 5;
/** A padded answer has about 40 KB. */
const MAX_ANSWER_BYTES = 512 * 1024;
const RETRY_AFTER_SECONDS = 5;

/**
 * Asks a range API whether a password is known from a breach. By k-anonymity: what leaves this process is the first
 * five digits of a SHA-1, and the answer is padded so that its size tells nothing either.
 */
export class BreachedPasswords {
  readonly #url: string;
  readonly #deadlineMs: number;

  constructor(url: string = HIBP_URL, deadlineMs = 2_000) {
    this.#url = url.endsWith('/') ? url : `${url}/`;
    this.#deadlineMs = deadlineMs;
  }

  /** Rejects with `unavailable` unless there is a whole answer in time. */
  async has(password: string): Promise<boolean> {
    const digest = hash('sha1', password, 'hex').toUpperCase();
    const range = await this.#range(digest.slice(0, PREFIX_LENGTH)).catch(() => undefined);
    if (range === undefined) throw new IamError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    const suffix = digest.slice(PREFIX_LENGTH);
    return range.split(/\r?\n/).some((line) => {
      const [found, count] = line.split(':');
      // Padding has a count of 0.
      return found?.toUpperCase() === suffix && Number(count) > 0;
    });
  }

  async #range(prefix: string): Promise<string | undefined> {
    const response = await fetch(new URL(`range/${prefix}`, this.#url), {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'castellan' },
      redirect: 'error',
      signal: AbortSignal.timeout(this.#deadlineMs),
    });
    return response.ok && response.body ? textOf(response.body) : undefined;
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}
