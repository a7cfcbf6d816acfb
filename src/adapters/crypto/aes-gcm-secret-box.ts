import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealedSecret } from '../../domain/session/sealed-secret.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { decodeCanonicalBase64url } from './canonical-base64url.ts';
import type { KeyRing } from './key-ring.ts';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D), the binding as additional data. Envelope: `v1.kid.iv.tag.ct`, parts in base64url. */
export class AesGcmSecretBox implements SecretBox {
  readonly #keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  get presentKey(): string {
    return this.#keyRing.keys('secret-box')[0].id;
  }

  seal(plain: string, binding: string): SealedSecret {
    const { id, key } = this.#keyRing.keys('secret-box')[0];
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(binding));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
    return [VERSION, id, ...parts].join('.') as SealedSecret;
  }

  open(sealed: SealedSecret, binding: string): string {
    const [version, keyId, ...encoded] = sealed.split('.');
    const [iv, tag, ciphertext, ...rest] = encoded.map(decodeCanonicalBase64url);
    const wellFormed = iv?.length === IV_BYTES && tag?.length === TAG_BYTES && rest.length === 0;
    if (version !== VERSION || !wellFormed || !ciphertext) throw new Error('not a sealed secret');
    const key = this.#keyRing.keys('secret-box').find(({ id }) => id === keyId)?.key;
    if (!key) throw new Error('the secret was sealed under a master key that is gone');
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(binding))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  }
}
