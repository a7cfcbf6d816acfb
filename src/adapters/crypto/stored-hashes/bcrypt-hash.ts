import type { StoredHashForm } from './stored-hash.ts';

/** Each step doubles: 14 takes a second. */
const COSTS = { least: 4, most: 14 } as const;
/** Of what is longer, bcrypt sees no more; and of what has a NUL in it, it takes several for one. */
const MOST_BYTES = 72;
/** Its boxes, for as long as it runs. */
const MEMORY_KIB = 5;

/**
 * `$2a$`, `$2b$`, `$2y$`; and `$2x$`, which is the same for passwords in ASCII. A password that bcrypt would not see the
 * whole of matches none: whatever begins like the right one would, and would be the password from then on (ASVS 6.2.8).
 */
export const bcryptHash: StoredHashForm = (stored) => {
  const [, cost] = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored) ?? [];
  if (cost === undefined || Number(cost) < COSTS.least || Number(cost) > COSTS.most) return undefined;
  return {
    memoryKib: MEMORY_KIB,
    async matches(password) {
      const { verify } = await import('@node-rs/bcrypt');
      const equal = await verify(password, stored);
      return equal && Buffer.byteLength(password) <= MOST_BYTES && !password.includes('\0');
    },
  };
};
