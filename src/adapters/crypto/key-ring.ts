import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What a derived key is for. A key of one purpose is worthless for another. */
export type KeyPurpose =
  | 'secret-digest'
  | 'refresh-token'
  | 'secret-box'
  | 'recovery-code'
  | 'http'
  | 'cache'
  | 'audit';

export interface DerivedKey {
  /** Names the key, and tells nothing about it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Keys of one purpose under every live master key, the present one first. */
export type DerivedKeys = readonly [present: DerivedKey, ...others: DerivedKey[]];

export const MASTER_KEY_BYTES = 32;

/**
 * The master key and, while it is being exchanged, the one before it, and the one that other processes may have already:
 * what was made with any of them is recognised. Nothing is encrypted or signed with a master key itself: HKDF-SHA-256
 * (RFC 5869) derives a key for each purpose, once.
 */
export class KeyRing {
  readonly #masters: readonly [Uint8Array, ...Uint8Array[]];
  readonly #derived = new Map<KeyPurpose, DerivedKeys>();

  /** Whether what was made with the master key before is to be made anew with the present one. */
  readonly replacesPrevious: boolean;

  constructor(masterKey: Uint8Array, previous?: Uint8Array, next?: Uint8Array) {
    this.#masters = [masterKey, ...(previous ? [previous] : []), ...(next ? [next] : [])];
    this.replacesPrevious = previous !== undefined;
    for (const { length } of this.#masters) {
      if (length !== MASTER_KEY_BYTES) throw new RangeError(`a master key has ${MASTER_KEY_BYTES} bytes`);
    }
  }

  keys(purpose: KeyPurpose): DerivedKeys {
    const known = this.#derived.get(purpose);
    if (known) return known;
    const [present, ...others] = this.#masters;
    const keys: DerivedKeys = [derive(present, purpose), ...others.map((master) => derive(master, purpose))];
    this.#derived.set(purpose, keys);
    return keys;
  }
}

function derive(master: Uint8Array, purpose: KeyPurpose): DerivedKey {
  const expand = (info: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', master, new Uint8Array(), `castellan/v1/${info}/${purpose}`, bytes));
  return { id: expand('key-id', 6).toString('base64url'), key: createSecretKey(expand('key', 32)) };
}
