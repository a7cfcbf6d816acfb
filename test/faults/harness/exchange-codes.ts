import { randomUUID } from 'node:crypto';
import { aBrowserAt, OidcProvider } from '../../support/oidc-provider.ts';
import { asked } from './asked.ts';
import type { Ask } from './balancer.ts';
import { type Estate, PUBLIC_URL } from './estate.ts';
import type { World } from './world.ts';

const RETURN_TO = 'https://app.example.com/signed-in';
const PROVIDER = 'acme';

/** What an estate needs to know for people to come by an OpenID provider on this machine. */
export const PROVIDER_ENV = { ALLOWED_RETURN_URLS: RETURN_TO, ALLOW_PRIVATE_PROVIDERS: 'true' } as const;

/** People come back from a provider through a browser, with a code that they have not exchanged yet. */
export class ExchangeCodes implements AsyncDisposable {
  readonly #estate: Estate;
  readonly #world: World;
  readonly #provider: OidcProvider;

  private constructor(estate: Estate, world: World, provider: OidcProvider) {
    this.#estate = estate;
    this.#world = world;
    this.#provider = provider;
  }

  static async configured(estate: Estate, world: World): Promise<ExchangeCodes> {
    const callback = new URL(`/api/v1/auth/callback/${PROVIDER}`, PUBLIC_URL);
    const provider = await OidcProvider.start({ redirectUris: [callback.href] });
    const { issuer, client } = provider;
    const path = `/api/v1/projects/${world.projectId}/providers`;
    const headers = { Authorization: `Bearer ${world.ownerToken}` };
    const json = { id: PROVIDER, type: 'oidc', name: 'Acme', issuer, ...client, enabled: true };
    await asked(estate.balancer, { method: 'POST', path, headers, json }, 201);
    return new ExchangeCodes(estate, world, provider);
  }

  /** The exchange of somebody new. */
  async one(): Promise<Ask> {
    const { balancer } = this.#estate;
    const login = randomUUID();
    this.#provider.accounts.set(login, { email: `${login}@example.com`, email_verified: true, name: 'Somebody' });
    const headers = { 'X-Project-Id': this.#world.projectId };
    const start = { method: 'POST', path: `/api/v1/auth/login/${PROVIDER}`, headers } as const;
    const { redirectUrl, verifier } = await asked(balancer, { ...start, json: { returnTo: RETURN_TO } }, 200);
    const { pathname, search } = await aBrowserAt(this.#provider).signIn(redirectUrl, login);
    const back = await balancer.ask({ method: 'GET', path: `${pathname}${search}` });
    const code = new URL(back.headers.location ?? '').searchParams.get('code');
    return { method: 'POST', path: '/api/v1/auth/exchange', headers, json: { code, verifier } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#provider[Symbol.asyncDispose]();
  }
}
