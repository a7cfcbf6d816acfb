import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

export interface OidcProviderOptions {
  readonly redirectUris: readonly string[];
  /** Whether an ID token has the claims itself, or leaves them to userinfo, as the specification would have it. */
  readonly claimsInToken?: boolean;
}

/** What is said of somebody; `sub` is the login. */
export type OidcClaims = Readonly<Record<string, string | number | boolean | null>>;

const CLIENT = { clientId: 'castellan', clientSecret: 'a secret that only the two of them know' } as const;

/**
 * A certified OpenID provider on a free loopback port. Its page asks for a login and nothing else: anybody in `accounts`
 * is let in. A browser fills in the form; `aBrowserAt` does so without one.
 */
export class OidcProvider implements AsyncDisposable {
  readonly issuer: string;
  readonly client = CLIENT;
  readonly accounts = new Map<string, OidcClaims>();
  readonly #server: ReturnType<typeof createServer>;

  private constructor(issuer: string, server: ReturnType<typeof createServer>) {
    this.issuer = issuer;
    this.#server = server;
  }

  static async start({ redirectUris, claimsInToken = false }: OidcProviderOptions): Promise<OidcProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const running = new OidcProvider(issuer, server);
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: [...redirectUris],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', use: 'sig', alg: 'ES256' }] },
      cookies: { keys: ['only for tests'] },
      claims: {
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'family_name'],
      },
      conformIdTokenClaims: !claimsInToken,
      pkce: { required: () => true },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, login) => {
        const claims = running.accounts.get(login);
        return claims && { accountId: login, claims: () => ({ ...claims, sub: login }) };
      },
      // Whoever signs in agrees to what is asked.
      loadExistingGrant: async ({ oidc }) => {
        const grant = new provider.Grant({
          accountId: oidc.session?.accountId ?? '',
          clientId: oidc.client?.clientId ?? '',
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/')) void interact(provider, request, response);
      else void answer(request, response);
    });
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

const PAGE = `<!doctype html><title>Sign in</title><form method="post"><label>Login <input name="login"></label>
<button name="answer" value="yes">Sign in</button><button name="answer" value="no">Cancel</button></form>`;

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    return;
  }
  const form = new URLSearchParams((await request.toArray()).join(''));
  const result =
    form.get('answer') === 'no' ? { error: 'access_denied' } : { login: { accountId: form.get('login') ?? '' } };
  await provider.interactionFinished(request, response, result);
}

/** A person at the provider's pages, whose session there lasts as long as this does. */
export function aBrowserAt({ issuer }: Pick<OidcProvider, 'issuer'>) {
  const cookies = new Map<string, string>();

  async function ask(url: URL, form?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form && new URLSearchParams(form);
    const init = { headers: { cookie }, redirect: 'manual', ...(body ? { method: 'POST', body } : {}) } as const;
    const answer = await fetch(url, init);
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  /** Where the provider sends the browser in the end. */
  async function follow(start: string, form: Readonly<Record<string, string>>): Promise<URL> {
    let url = new URL(start);
    for (let answer = await ask(url); url.origin === issuer; ) {
      const location = answer.headers.get('Location');
      if (location !== null) {
        url = new URL(location, url);
        if (url.origin === issuer) answer = await ask(url);
      } else if (answer.ok) answer = await ask(url, form);
      else throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    }
    return url;
  }

  return {
    /** Asked only when the provider wants to know. */
    signIn: (authorizationUrl: string, login: string) => follow(authorizationUrl, { answer: 'yes', login }),
    cancel: (authorizationUrl: string) => follow(authorizationUrl, { answer: 'no' }),
  };
}
