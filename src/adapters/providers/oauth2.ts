import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  fetchProtectedResource,
  randomPKCECodeVerifier,
} from 'openid-client';
import { invalidField } from '../../domain/errors.ts';
import { emailOf, nameOf, subjectOf } from '../../domain/user/external-claims.ts';
import type {
  ExternalIdentity,
  ProviderAnswer,
  ProviderConfiguration,
  ProviderStart,
} from '../../ports/auth-provider.ts';
import { claimAt } from './claim-path.ts';
import { primaryEmailOf } from './github-email.ts';
import { Memo } from './memo.ts';
import { providerFetch } from './provider-fetch.ts';
import { refusalOf, unavailable } from './refusals.ts';
import { type RoundTrip, redirectUriOf, returnOf } from './round-trip.ts';

export interface OAuth2Options {
  readonly publicUrl: string;
  /** Has a deadline, follows no redirect, reads a bounded answer, and goes nowhere that it may not. */
  readonly fetch: CustomFetch;
  readonly allowPrivate: boolean;
}

interface Departure {
  readonly state: string;
  readonly codeVerifier: string;
}

const MEMO = new Memo<Departure>('oauth2');

/**
 * Providers that speak OAuth 2.0 alone (RFC 6749 §4.1, with PKCE and `state`) and tell who somebody is at an address of
 * their own. Where an issuer is configured, an `iss` that comes back must be it (RFC 9207).
 */
export class OAuth2 implements RoundTrip {
  readonly #publicUrl: string;
  readonly #allowPrivate: boolean;
  readonly #fetch: CustomFetch;

  constructor({ publicUrl, fetch, allowPrivate }: OAuth2Options) {
    this.#publicUrl = publicUrl;
    this.#allowPrivate = allowPrivate;
    this.#fetch = providerFetch(fetch);
  }

  /** Refuses to prove that somebody has just signed in: OAuth 2.0 has no way to ask, and none to tell. */
  async start(
    configuration: ProviderConfiguration,
    { state, fresh }: { readonly state: string; readonly fresh: boolean },
  ): Promise<ProviderStart> {
    if (fresh) {
      const message = 'cannot show that somebody has just signed in there';
      throw invalidField('providerId', message, 'NOT_ALLOWED');
    }
    const codeVerifier = randomPKCECodeVerifier();
    const { scopes } = configuration;
    const parameters = {
      redirect_uri: redirectUriOf(this.#publicUrl, configuration),
      state,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    };
    try {
      const redirectUrl = buildAuthorizationUrl(this.#clientOf(configuration), parameters).href;
      return { redirectUrl, memo: MEMO.write({ state, codeVerifier }) };
    } catch (error) {
      throw unavailable(error);
    }
  }

  async finish(
    configuration: ProviderConfiguration,
    { memo, answer }: { readonly memo: string; readonly answer: ProviderAnswer },
  ): Promise<ExternalIdentity> {
    const { state, codeVerifier } = MEMO.read(memo);
    const returned = returnOf(redirectUriOf(this.#publicUrl, configuration), answer);
    // Nothing to hold it against: what comes back here is told apart by the redirect URI, which is this provider's.
    if (configuration.issuer === null) returned.searchParams.delete('iss');
    try {
      const client = this.#clientOf(configuration);
      const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
      const { access_token: token } = await authorizationCodeGrant(client, returned, checks);
      return await this.#identity(client, token, configuration);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  async #identity(
    client: Configuration,
    token: string,
    { preset, userinfoUrl, mapping, scopes }: ProviderConfiguration,
  ): Promise<ExternalIdentity> {
    const said = await jsonAt(client, token, userinfoUrl ?? '');
    const mapped = { email: claimAt(said, mapping?.email), verified: claimAt(said, mapping?.emailVerified) };
    const asksGitHub = preset === 'github' && scopes.includes('user:email');
    const address = asksGitHub ? primaryEmailOf(await jsonAt(client, token, `${userinfoUrl}/emails`)) : mapped;
    const email = emailOf(address?.email);
    return {
      externalId: subjectOf(claimAt(said, mapping?.subject)),
      email,
      emailVerified: email !== null && address?.verified === true,
      displayName: nameOf(claimAt(said, mapping?.name)),
      firstName: null,
      lastName: null,
    };
  }

  #clientOf({ issuer, authorizeUrl, tokenUrl, clientId, clientSecret }: ProviderConfiguration): Configuration {
    const server = {
      // The library needs a name for it.
      issuer: issuer ?? authorizeUrl ?? '',
      authorization_endpoint: authorizeUrl ?? '',
      token_endpoint: tokenUrl ?? '',
    };
    const client = new Configuration(server, clientId ?? '', undefined, ClientSecretPost(clientSecret ?? ''));
    client[customFetch] = this.#fetch;
    if (this.#allowPrivate) allowInsecureRequests(client);
    return client;
  }
}

async function jsonAt(client: Configuration, token: string, url: string): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json' });
  const answer = await fetchProtectedResource(client, token, new URL(url), 'GET', undefined, headers);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}
