import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import type { ProviderConfiguration } from '../../ports/auth-provider.ts';
import { unavailable } from './refusals.ts';

const CAPACITY = 200;

interface Known {
  readonly client: Promise<Configuration>;
  readonly until: number;
}

/** The way that needs nothing registered (OpenID Connect Discovery §3), unless a provider takes the other one alone. */
const authenticate: ClientAuth = (server, client, body, headers) => {
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const method = methods.includes('client_secret_basic') ? ClientSecretBasic() : ClientSecretPost();
  return method(server, client, body, headers);
};

/** What providers publish about themselves, kept for a while. Whoever asks meanwhile waits for the same answer. */
export class DiscoveredClients {
  readonly #fetch: CustomFetch;
  readonly #allowPrivate: boolean;
  readonly #keepMs: number;
  readonly #known = new Map<string, Known>();

  constructor({ fetch, allowPrivate, keepMs }: { fetch: CustomFetch; allowPrivate: boolean; keepMs: number }) {
    this.#fetch = fetch;
    this.#allowPrivate = allowPrivate;
    this.#keepMs = keepMs;
  }

  /** Rejects with `unavailable` also where a provider is not who it should be: it is misconfigured, or not itself. */
  of({ issuer, clientId, clientSecret }: ProviderConfiguration): Promise<Configuration> {
    const key = JSON.stringify([issuer, clientId, clientSecret]);
    const known = this.#known.get(key);
    if (known !== undefined && known.until > performance.now()) return known.client;
    const client = this.#discover(issuer, clientId, clientSecret).catch((cause: unknown) => {
      this.#known.delete(key);
      throw unavailable(cause);
    });
    this.#known.delete(key);
    this.#known.set(key, { client, until: performance.now() + this.#keepMs });
    for (const [oldest] of this.#known) if (this.#known.size > CAPACITY) this.#known.delete(oldest);
    return client;
  }

  async #discover(issuer: string | null, clientId: string | null, secret: string | null): Promise<Configuration> {
    const client = await discovery(
      new URL(issuer ?? ''),
      clientId ?? '',
      { client_secret: secret ?? '' },
      authenticate,
      {
        [customFetch]: this.#fetch,
        // Without the first, an ID token that comes over TLS counts whoever signed it.
        execute: [enableNonRepudiationChecks, ...(this.#allowPrivate ? [allowInsecureRequests] : [])],
      },
    );
    // The fetch has a deadline. With another here, people who come at once would each ask for the keys.
    client.timeout = undefined;
    return client;
  }
}
