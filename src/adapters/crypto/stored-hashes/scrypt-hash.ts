import { timingSafeEqual } from 'node:crypto';
import { saltAndDigest } from './salt-and-digest.ts';
import { scryptKey, scryptMemoryKib, scryptParameters } from './scrypt-key.ts';
import type { StoredHashForm } from './stored-hash.ts';

/** `$scrypt$ln=…,r=…,p=…$salt$hash`, as the PHC format has it, and passlib. */
export const scryptHash: StoredHashForm = (stored) => {
  const [, ln, r, p, ...rest] = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([^$]*)\$([^$]+)$/.exec(stored) ?? [];
  const parameters = scryptParameters(ln, r, p);
  const parts = saltAndDigest(rest[0], rest[1]);
  if (parameters === undefined || parts === undefined) return undefined;
  const { salt, digest } = parts;
  return {
    memoryKib: scryptMemoryKib(parameters),
    matches: async (password) => timingSafeEqual(await scryptKey(password, salt, digest.length, parameters), digest),
  };
};
