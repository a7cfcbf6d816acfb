import type { Brand } from '../kernel/brand.ts';

/** A secret that must be readable again, encrypted and authenticated, bound to its purpose and owner. */
export type SealedSecret = Brand<string, 'SealedSecret'>;
