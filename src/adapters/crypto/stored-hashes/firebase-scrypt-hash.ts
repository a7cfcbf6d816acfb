import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { bytesOf, saltAndDigest } from './salt-and-digest.ts';
import { scryptKey, scryptMemoryKib, scryptParameters } from './scrypt-key.ts';
import type { StoredHashForm } from './stored-hash.ts';

const KEY_BYTES = 32;
const IV = Buffer.alloc(16);

/**
 * Firebase Authentication's own (github.com/firebase/scrypt): the key that scrypt makes of the password encrypts the
 * signer key of the project. Here `$firebase-scrypt$ln=MEM_COST,r=ROUNDS,p=1,sep=SALT_SEPARATOR,key=SIGNER_KEY$salt$hash`,
 * everything in base64 as Firebase shows it.
 */
export const firebaseScryptHash: StoredHashForm = (stored) => {
  const form = /^\$firebase-scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(1),sep=([^$,]*),key=([^$,]+)\$([^$]*)\$([^$]+)$/;
  const [, ln, r, p, separator, key, ...rest] = form.exec(stored) ?? [];
  const parameters = scryptParameters(ln, r, p);
  const [separatorBytes, signerKey] = [bytesOf(separator ?? ''), bytesOf(key ?? '')];
  const parts = saltAndDigest(rest[0], rest[1]);
  if (parameters === undefined || separatorBytes === undefined || parts === undefined) return undefined;
  // The hash is the signer key, encrypted by the byte.
  if (signerKey?.length !== parts.digest.length) return undefined;
  const salt = Buffer.concat([parts.salt, separatorBytes]);
  return {
    memoryKib: scryptMemoryKib(parameters),
    async matches(password) {
      const derived = await scryptKey(password, salt, KEY_BYTES, parameters);
      return timingSafeEqual(createCipheriv('aes-256-ctr', derived, IV).update(signerKey), parts.digest);
    },
  };
};
