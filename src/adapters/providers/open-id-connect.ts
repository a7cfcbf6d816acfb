import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type CustomFetch,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  type IDToken,
  randomNonce,
  randomPKCECodeVerifier,
} from 'openid-client';
import { IamError } from '../../domain/errors.ts';
import type {
  ExternalIdentity,
  ProviderAnswer,
  ProviderConfiguration,
  ProviderStart,
} from '../../ports/auth-provider.ts';
import { DiscoveredClients } from './discovered-clients.ts';
import { Memo } from './memo.ts';
import { oidcIdentity } from './oidc-identity.ts';
import { providerFetch } from './provider-fetch.ts';
import { refusalOf, unavailable } from './refusals.ts';
import { type RoundTrip, redirectUriOf, returnOf } from './round-trip.ts';

export interface OpenIdConnectOptions {
  readonly publicUrl: string;
  /** Has a deadline, follows no redirect, reads a bounded answer, and goes nowhere that it may not. */
  readonly fetch: CustomFetch;
  readonly allowPrivate: boolean;
  /** How long what a provider publishes about itself is believed. */
  readonly keepMs?: number;
}

interface Departure {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Since when the person is to have signed in there, in milliseconds; `null` where it does not matter. */
  readonly freshSince: number | null;
}

const MEMO = new Memo<Departure>('oidc');
const KEEP_MS = 10 * 60 * 1000;
/** Of a token's issue; its other times have as much in the library. */
const CLOCK_TOLERANCE_MS = 30_000;
/** A provider counts in whole seconds, and its clock is not ours. */
const FRESH_TOLERANCE_MS = 5_000;
const SCOPES = ['email', 'profile'];

/**
 * OpenID Connect Core, authorization code flow with PKCE (RFC 7636), `state`, a nonce, and `iss` (RFC 9207) wherever a
 * provider announces or sends it. A token counts only when it is signed with a published key: never without a
 * signature, never with the client's secret. The provider's times are held against the clock of this machine.
 */
export class OpenIdConnect implements RoundTrip {
  readonly #publicUrl: string;
  readonly #clients: DiscoveredClients;

  constructor({ publicUrl, fetch, allowPrivate, keepMs = KEEP_MS }: OpenIdConnectOptions) {
    this.#publicUrl = publicUrl;
    this.#clients = new DiscoveredClients({ fetch: providerFetch(fetch), allowPrivate, keepMs });
  }

  async start(
    configuration: ProviderConfiguration,
    { state, fresh }: { readonly state: string; readonly fresh: boolean },
  ): Promise<ProviderStart> {
    const client = await this.#clients.of(configuration);
    const codeVerifier = randomPKCECodeVerifier();
    const nonce = randomNonce();
    const parameters = {
      redirect_uri: redirectUriOf(this.#publicUrl, configuration),
      scope: scopeOf(configuration),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(needsFormPost(configuration) ? { response_mode: 'form_post' } : {}),
      ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
    };
    const memo = MEMO.write({ state, nonce, codeVerifier, freshSince: fresh ? Date.now() : null });
    try {
      return { redirectUrl: buildAuthorizationUrl(client, parameters).href, memo };
    } catch (error) {
      throw unavailable(error);
    }
  }

  async finish(
    configuration: ProviderConfiguration,
    { memo, answer }: { readonly memo: string; readonly answer: ProviderAnswer },
  ): Promise<ExternalIdentity> {
    const { state, nonce, codeVerifier, freshSince } = MEMO.read(memo);
    const returned = returnOf(redirectUriOf(this.#publicUrl, configuration), answer);
    const client = await this.#clients.of(configuration);
    try {
      const tokens = await authorizationCodeGrant(client, returned, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const token = tokens.claims();
      if (token === undefined) throw new IamError('token-invalid');
      assertTimes(token, freshSince);
      const server = client.serverMetadata();
      const elsewhere = token.email === undefined && server.userinfo_endpoint !== undefined;
      const said = elsewhere ? await fetchUserInfo(client, tokens.access_token, token.sub) : token;
      return oidcIdentity(token, said, { issuer: server.issuer, preset: configuration.preset });
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** Those that the library leaves alone: `exp`, `nbf` and their types it has checked. */
function assertTimes({ iat, auth_time: authenticated }: IDToken, freshSince: number | null): void {
  if (iat * 1000 > Date.now() + CLOCK_TOLERANCE_MS) throw new IamError('token-invalid');
  if (freshSince === null) return;
  // A provider that does not say when has not shown it (OpenID Connect Core §3.1.2.1).
  if (authenticated === undefined || authenticated * 1000 < freshSince - FRESH_TOLERANCE_MS) {
    throw new IamError('token-invalid');
  }
}

function scopeOf({ scopes }: ProviderConfiguration): string {
  return [...new Set(['openid', ...(scopes.length > 0 ? scopes : SCOPES)])].join(' ');
}

/** Apple answers no other way when it is asked for more than who somebody is. */
function needsFormPost({ preset, scopes }: ProviderConfiguration): boolean {
  return preset === 'apple' && scopes.some((scope) => scope !== 'openid');
}
