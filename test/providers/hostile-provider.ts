import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { anHttpServer } from '../support/http-server.ts';

export type Endpoint = 'discovery' | 'jwks' | 'token' | 'userinfo' | 'emails';
type Json = Readonly<Record<string, unknown>>;
type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

const PATHS: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/token': 'token',
  '/userinfo': 'userinfo',
  // As GitHub has it.
  '/userinfo/emails': 'emails',
};

interface Signing {
  readonly kid: string;
  readonly key: PrivateKey;
  readonly jwk: Json;
}

async function aKey(kid: string): Promise<Signing> {
  const { publicKey, privateKey: key } = await generateKeyPair('ES256', { extractable: true });
  return { kid, key, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' } };
}

const now = () => Math.floor(Date.now() / 1000);

/** A provider that says and signs whatever a test wants, over real HTTP. */
export class HostileProvider implements AsyncDisposable {
  readonly issuer: string;
  /** In the order in which they were asked. */
  readonly asked: Endpoint[] = [];
  /** What is published besides, or instead. */
  metadata: Json = {};
  /** What an endpoint does instead of answering rightly. */
  listeners: Partial<Record<Endpoint, RequestListener>> = {};
  /** What userinfo says. */
  userinfo: unknown = {};
  emails: unknown = [];
  /** Of the token endpoint's next answers. */
  idToken: string | undefined;
  /** What the token endpoint was sent last. */
  received = new URLSearchParams();
  /** Who was said to ask. */
  authorizations: Partial<Record<Endpoint, string | undefined>> = {};
  #signing: Signing;
  readonly #server: AsyncDisposable;

  private constructor(server: AsyncDisposable & { readonly port: number }, signing: Signing) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${server.port}`;
    this.#signing = signing;
  }

  static async start(): Promise<HostileProvider> {
    let running: HostileProvider | undefined;
    const server = await anHttpServer((request, response) => void running?.answer(request, response));
    running = new HostileProvider(server, await aKey('right'));
    return running;
  }

  /** Signs with a new key from now on, and publishes no other. */
  async rotate(kid: string): Promise<void> {
    this.#signing = await aKey(kid);
  }

  /** Claims that are right. */
  claims(nonce: string): JWTPayload {
    return {
      iss: this.issuer,
      aud: 'castellan',
      sub: 'ada',
      nonce,
      iat: now(),
      exp: now() + 300,
      email: 'ada@example.test',
      email_verified: true,
    };
  }

  sign(claims: JWTPayload, header: Json = {}): Promise<string> {
    const { key, kid } = this.#signing;
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(key);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = PATHS[request.url ?? ''];
    if (endpoint === undefined) return void response.writeHead(404).end();
    this.asked.push(endpoint);
    const listener = this.listeners[endpoint];
    if (listener) return void listener(request, response);
    this.authorizations[endpoint] = request.headers.authorization;
    if (endpoint === 'token') this.received = new URLSearchParams((await request.toArray()).join(''));
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(this.#document(endpoint)));
  }

  #document(endpoint: Endpoint): unknown {
    switch (endpoint) {
      case 'discovery':
        return {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/jwks`,
          userinfo_endpoint: `${this.issuer}/userinfo`,
          // It would take anything.
          id_token_signing_alg_values_supported: ['ES256', 'RS256', 'HS256', 'none'],
          ...this.metadata,
        };
      case 'jwks':
        return { keys: [this.#signing.jwk] };
      case 'token':
        return { access_token: 'an-access-token', token_type: 'Bearer', expires_in: 60, id_token: this.idToken };
      case 'userinfo':
        return this.userinfo;
      case 'emails':
        return this.emails;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

/** A token that nobody has signed, or somebody in a way that JSON Web Signature libraries refuse. */
export function jwtOf(header: Json, claims: Json, signature = ''): string {
  const encode = (part: Json) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(claims)}.${signature}`;
}
