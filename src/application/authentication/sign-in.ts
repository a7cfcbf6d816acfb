import type { TenantChoice } from '../tenants/tenant-choice.ts';
import type { TokenPair } from './token-pairs.ts';

/** Every factor was shown: somebody is signed in, or has to say where. */
export type SignedIn =
  | {
      readonly kind: 'signed-in';
      readonly tokens: TokenPair;
      /** How the person signed in the time before. */
      readonly lastLoginMethod: string | null;
    }
  | { readonly kind: 'tenant-selection'; readonly sessionToken: string; readonly tenants: readonly TenantChoice[] };

export type SignIn =
  | SignedIn
  /** Over the Gate: a code of the authenticator app is still to come. */
  | { readonly kind: 'second-factor'; readonly ticket: string; readonly lastLoginMethod: string | null };
