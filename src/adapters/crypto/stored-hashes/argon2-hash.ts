import { parseOptions, verify } from '@node-rs/argon2';
import type { StoredHashForm } from './stored-hash.ts';

const MOST_MEMORY_KIB = 256 * 1024;
/** Memory by passes. */
const MOST_KIB = 1024 * 1024;
const MOST_LANES = 16;
/** Of a lane (RFC 9106 §3.1). */
const LEAST_KIB = 8;

/** `$argon2id$`, `$argon2i$`, `$argon2d$` in PHC form (RFC 9106), without a key of its own. */
export const argon2Hash: StoredHashForm = (stored) => {
  const form = /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=\d{1,7},t=\d{1,3},p=\d{1,2}\$[^$]{11,171}\$[^$]{22,86}$/;
  const options = form.test(stored) ? optionsOf(stored) : undefined;
  if (options === undefined) return undefined;
  const { memoryCost, timeCost, parallelism } = options;
  const known = timeCost >= 1 && parallelism >= 1 && memoryCost >= LEAST_KIB * parallelism;
  const affordable = memoryCost <= MOST_MEMORY_KIB && memoryCost * timeCost <= MOST_KIB && parallelism <= MOST_LANES;
  if (!known || !affordable) return undefined;
  return { memoryKib: memoryCost, matches: (password) => verify(stored, password) };
};

function optionsOf(stored: string): ReturnType<typeof parseOptions> | undefined {
  try {
    return parseOptions(stored);
  } catch {
    return undefined;
  }
}
