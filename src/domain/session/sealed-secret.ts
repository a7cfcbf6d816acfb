import type { Brand } from '../kernel/brand.ts';

/** A secret that must be readable again, encrypted and authenticated, bound to its purpose and owner. */
export type SealedSecret = Brand<string, 'SealedSecret'>;

/** Names the key that it is sealed under, which is its second part of some that have dots between them. */
export function sealedUnder(sealed: SealedSecret): string {
  return sealed.split('.')[1] ?? '';
}
