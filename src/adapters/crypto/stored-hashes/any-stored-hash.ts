import { argon2Hash } from './argon2-hash.ts';
import { bcryptHash } from './bcrypt-hash.ts';
import { firebaseScryptHash } from './firebase-scrypt-hash.ts';
import { pbkdf2Hash } from './pbkdf2-hash.ts';
import { scryptHash } from './scrypt-hash.ts';
import type { StoredHashForm } from './stored-hash.ts';

const FORMS: readonly StoredHashForm[] = [argon2Hash, bcryptHash, scryptHash, pbkdf2Hash, firebaseScryptHash];

/** Whichever form it is of. */
export const anyStoredHash: StoredHashForm = (stored) => {
  for (const form of FORMS) {
    const hash = form(stored);
    if (hash !== undefined) return hash;
  }
  return undefined;
};
