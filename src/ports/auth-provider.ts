import type { AuthProviderState, ProviderEndpoints } from '../domain/project/auth-provider.ts';

/** A provider as its adapter sees it, the secret opened. */
export interface ProviderConfiguration
  extends ProviderEndpoints,
    Pick<AuthProviderState, 'id' | 'projectId' | 'type' | 'preset' | 'clientId'> {
  readonly clientSecret: string | null;
}

/** A wallet that somebody says is theirs. */
export interface Wallet {
  readonly address: string;
  readonly chainId: number;
}

export interface ProviderStart {
  /** Where the person goes, or the page that asks the wallet. */
  readonly redirectUrl: string;
  /** Kept, sealed, until the person comes back; a secret. */
  readonly memo: string;
  /** What a wallet is to sign (EIP-4361), and the nonce in it. */
  readonly challenge?: { readonly message: string; readonly nonce: string };
}

/** What the person comes back with. */
export type ProviderAnswer =
  /** The parameters of the redirect: `code`, `state`, `iss`, `error`. */
  | { readonly kind: 'redirect'; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'signature'; readonly signature: string };

/** Somebody, as a provider knows them. */
export interface ExternalIdentity {
  /** Never another's, and never reassigned (OpenID Connect Core §5.7). */
  readonly externalId: string;
  readonly email: string | null;
  /** Only where the provider says so in the one form that counts: the JSON value `true`. */
  readonly emailVerified: boolean;
  readonly displayName: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/**
 * One way of asking somebody else who a person is. Every call MUST have a deadline, MUST follow no redirect, MUST read a
 * bounded answer, and MUST NOT reach private addresses unless allowed. Nothing of the provider's tokens is kept.
 */
export interface ProviderAdapter {
  /** Names what is wrong with a configuration of this type, so that it is refused before it is stored. */
  faultsOf(configuration: ProviderConfiguration): readonly { readonly field: string; readonly message: string }[];
  /**
   * `fresh`: the person MUST show their factors there anew. A redirect carries PKCE S256, `state` and a nonce.
   * @throws IamError `unavailable`, `validation-error` for a wallet that is none or a chain that is not allowed
   */
  start(
    configuration: ProviderConfiguration,
    input: {
      readonly state: string;
      readonly fresh: boolean;
      readonly wallet?: Wallet | undefined;
      readonly now: Date;
      readonly expiresAt: Date;
    },
  ): Promise<ProviderStart>;
  /**
   * Whoever comes back. Issuer, audience, nonce, times, signature and algorithm MUST be checked, and with `fresh` that
   * the person showed their factors since the start.
   * @throws IamError `token-invalid` for whatever is not right, `invalid-credentials` when the provider, or the person
   * there, said no, `unavailable`
   */
  finish(
    configuration: ProviderConfiguration,
    input: { readonly memo: string; readonly answer: ProviderAnswer; readonly now: Date },
  ): Promise<ExternalIdentity>;
}

/** By type. A type without an adapter signs nobody in. */
export type ProviderAdapters = Readonly<Record<string, ProviderAdapter>>;
