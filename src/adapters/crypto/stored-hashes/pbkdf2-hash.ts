import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { saltAndDigest } from './salt-and-digest.ts';
import type { StoredHashForm } from './stored-hash.ts';

const BLOCK_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** Over all blocks of the hash. */
const MOST_ITERATIONS = 2_000_000;
/** It needs none to speak of. */
const MEMORY_KIB = 1;

/**
 * `$pbkdf2-sha256$iterations$salt$hash` as passlib has it, or with `i=…,l=…` for the iterations; `-sha512`, `-sha1`, and
 * without either, which is SHA-1. PBKDF2 with HMAC (RFC 8018 §5.2).
 */
export const pbkdf2Hash: StoredHashForm = (stored) => {
  const form = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,7})(?:,l=\d{1,3})?\$([^$]*)\$([^$]+)$/;
  const [whole, name = 'sha1', iterations, ...rest] = form.exec(stored) ?? [];
  const parts = saltAndDigest(rest[0], rest[1]);
  if (whole === undefined || parts === undefined) return undefined;
  const { salt, digest } = parts;
  const count = Number(iterations);
  const blocks = Math.ceil(digest.length / BLOCK_BYTES[name as keyof typeof BLOCK_BYTES]);
  if (count < 1 || count * blocks > MOST_ITERATIONS) return undefined;
  return {
    memoryKib: MEMORY_KIB,
    matches: (password) =>
      new Promise((resolve, reject) => {
        pbkdf2(password, salt, count, digest.length, name, (error, key) =>
          error ? reject(error) : resolve(timingSafeEqual(key, digest)),
        );
      }),
  };
};
