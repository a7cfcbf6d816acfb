import { attesting } from '../../src/adapters/container/attesting.ts';
import { KeyRing, MASTER_KEY_BYTES } from '../../src/adapters/crypto/key-ring.ts';

/** Of the service whose stores the tests make. */
export const MASTER_KEY = Buffer.alloc(MASTER_KEY_BYTES, 1);
export const keyRing = new KeyRing(MASTER_KEY);

export const attested = attesting(keyRing);
