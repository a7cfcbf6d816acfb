import type { SealedSecret } from '../domain/session/sealed-secret.ts';

/**
 * AES-256-GCM with a key ring. What was sealed for one `binding` (purpose, project, row) MUST NOT open for another.
 * Sealed under the present key; opens under the present and the previous one.
 */
export interface SecretBox {
  /** What `sealedUnder` says of everything that is sealed now. It tells nothing about the key. */
  readonly presentKey: string;
  seal(plain: string, binding: string): SealedSecret;
  /** @throws when the box was changed, belongs elsewhere, or its key is gone */
  open(sealed: SealedSecret, binding: string): string;
}
