import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuardedFetch, guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { OpenIdConnect } from '../../src/adapters/providers/open-id-connect.ts';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';
import type { ExternalIdentity, ProviderConfiguration } from '../../src/ports/auth-provider.ts';
import { aConfiguration, aMoment, PUBLIC_URL, redirectedWith } from './configurations.ts';
import { type Endpoint, HostileProvider, jwtOf } from './hostile-provider.ts';

const SECRET = 'a secret that only the two of them know';
const seconds = () => Math.floor(Date.now() / 1000);
const TOKEN_INVALID = { code: 'token-invalid' };
const UNAVAILABLE = { code: 'unavailable', details: { retryAfterSeconds: 5 } };

const MAX_BYTES = 64 * 1024;

const anAdapter = (fetch: GuardedFetch) => new OpenIdConnect({ publicUrl: PUBLIC_URL, fetch, allowPrivate: true });

let provider: HostileProvider;
let adapter: RoundTrip;
beforeEach(async () => {
  provider = await HostileProvider.start();
  adapter = anAdapter(guardedFetch({ allowPrivate: true, maxBytes: MAX_BYTES }));
});
afterEach(() => provider[Symbol.asyncDispose]());

interface Attempt {
  readonly fresh?: boolean;
  /** The ID token, from claims that would be right. */
  readonly token?: (right: JWTPayload) => Promise<string> | string;
  /** Claims that are wrong, in a token that is signed rightly. */
  readonly claims?: (right: JWTPayload) => JWTPayload;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly configuration?: Partial<ProviderConfiguration>;
}

async function signIn({
  fresh = false,
  token,
  claims,
  parameters,
  configuration,
}: Attempt = {}): Promise<ExternalIdentity> {
  const configured = aConfiguration({ issuer: provider.issuer, ...configuration });
  const { redirectUrl, memo } = await adapter.start(configured, { state: 's', fresh, ...aMoment() });
  const right = provider.claims(new URL(redirectUrl).searchParams.get('nonce') ?? '');
  provider.idToken = token ? await token(right) : await provider.sign(claims?.(right) ?? right);
  const answer = redirectedWith({ code: 'a-code', state: 's', ...parameters });
  return adapter.finish(configured, { memo, answer, now: new Date() });
}

describe('an ID token', () => {
  it('lets its subject in when everything is right', async () => {
    expect(await signIn()).toEqual({
      externalId: 'ada',
      email: 'ada@example.test',
      emailVerified: true,
      displayName: null,
      firstName: null,
      lastName: null,
    });
    expect(provider.received.get('grant_type')).toBe('authorization_code');
    expect(provider.received.get('code_verifier')).toMatch(/^[\w-]{43,128}$/);
    expect(provider.asked).toEqual(['discovery', 'token', 'jwks']);
  });

  it.each<[string, (right: JWTPayload) => JWTPayload]>([
    ['of another issuer', (right) => ({ ...right, iss: 'https://accounts.example' })],
    ['of nobody', ({ iss: _, ...right }) => right],
    ['for another client', (right) => ({ ...right, aud: 'another' })],
    ['for several clients, without saying which', (right) => ({ ...right, aud: ['castellan', 'another'] })],
    ['for several clients, and another one in use', (right) => ({ ...right, aud: ['castellan', 'b'], azp: 'b' })],
    ['for no client', ({ aud: _, ...right }) => right],
    ['with another nonce', (right) => ({ ...right, nonce: 'another' })],
    ['without a nonce', ({ nonce: _, ...right }) => right],
    ['that has run out', (right) => ({ ...right, exp: seconds() - 31 })],
    ['that never runs out', ({ exp: _, ...right }) => right],
    ['that runs out at no number', (right) => ({ ...right, exp: String(seconds() + 300) }) as unknown as JWTPayload],
    ['from the future', (right) => ({ ...right, iat: seconds() + 60 })],
    ['of no time', ({ iat: _, ...right }) => right],
    ['not to be used yet', (right) => ({ ...right, nbf: seconds() + 60 })],
    ['without a subject', ({ sub: _, ...right }) => right],
    ['with an empty subject', (right) => ({ ...right, sub: '' })],
    ['with a number for a subject', (right) => ({ ...right, sub: 7 }) as unknown as JWTPayload],
    ['with a subject that no column holds', (right) => ({ ...right, sub: 'ada\0' })],
    ['with a subject of 256 characters', (right) => ({ ...right, sub: 'a'.repeat(256) })],
  ])('%s lets nobody in', async (_, claims) => {
    await expect(signIn({ claims })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each<[string, (right: JWTPayload) => Promise<string> | string]>([
    ['without a signature', (right) => jwtOf({ alg: 'none' }, right)],
    ['without a signature, under the name of a key', (right) => jwtOf({ alg: 'ES256', kid: 'right' }, right)],
    [
      'signed with the client secret',
      (right) => {
        const unsigned = jwtOf({ alg: 'HS256' }, right).slice(0, -1);
        return `${unsigned}.${createHmac('sha256', SECRET).update(unsigned).digest('base64url')}`;
      },
    ],
    [
      'signed with another key',
      async (right) => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(right).setProtectedHeader({ alg: 'ES256', kid: 'right' }).sign(privateKey);
      },
    ],
    [
      'signed with a key that it brings along',
      async (right) => {
        const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
        const jwk = await crypto.subtle.exportKey('jwk', publicKey);
        const header = { alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' } };
        return new SignJWT(right).setProtectedHeader(header).sign(privateKey);
      },
    ],
    ['signed with a key that is not published', (right) => provider.sign(right, { kid: 'unknown' })],
    ['signed by one algorithm, under the name of another', (right) => provider.sign(right).then(renamed)],
    ['changed after it was signed', async (right) => changed(await provider.sign(right))],
    ['with a part that must be understood', (right) => provider.sign(right).then((token) => critical(token))],
    ['that is none', () => 'no.token.at-all'],
    ['that is empty', () => ''],
  ])('%s lets nobody in', async (_, token) => {
    await expect(signIn({ token })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('is needed', async () => {
    const token = () => undefined as unknown as string;
    await expect(signIn({ token })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each<[string, boolean, unknown]>([
    ['true', true, true],
    ['"true"', false, 'true'],
    ['1', false, 1],
    ['{}', false, {}],
    ['false', false, false],
    ['nothing', false, undefined],
  ])('that says %s of its address proves it: %s', async (_, emailVerified, said) => {
    const claims = (right: JWTPayload) => ({ ...right, email_verified: said });
    expect(await signIn({ claims })).toMatchObject({ email: 'ada@example.test', emailVerified });
  });

  it.each([null, 7, '', ' ', ['ada@example.test'], `${'a'.repeat(254)}@example.test`, 'a\0@example.test'])(
    'with the address %j has none, and proves none',
    async (email) => {
      const claims = (right: JWTPayload) => ({ ...right, email });
      expect(await signIn({ claims })).toMatchObject({ externalId: 'ada', email: null, emailVerified: false });
    },
  );

  it('names people only as people may be named here', async () => {
    const claims = (right: JWTPayload) => ({
      ...right,
      name: 'see https://evil.example',
      given_name: 'A\nB',
      family_name: ' L ',
    });
    expect(await signIn({ claims })).toMatchObject({ displayName: null, firstName: null, lastName: 'L' });
  });
});

describe('a client', () => {
  const basic = `Basic ${Buffer.from(`castellan:${encodeURIComponent(SECRET).replaceAll('%20', '+')}`).toString('base64')}`;

  it.each<[string, readonly string[] | undefined]>([
    ['nothing is said', undefined],
    ['both ways are taken', ['client_secret_post', 'client_secret_basic']],
  ])('says who it is in the header where %s', async (_, methods) => {
    provider.metadata = { token_endpoint_auth_methods_supported: methods };
    await signIn();
    expect([provider.authorizations.token, provider.received.get('client_secret')]).toEqual([basic, null]);
  });

  it('says who it is in the body where no other way is taken', async () => {
    provider.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    await signIn();
    expect([provider.authorizations.token, provider.received.get('client_secret')]).toEqual([undefined, SECRET]);
  });

  it.each([
    ['form_post', 'apple', ['openid', 'email']],
    [null, 'apple', ['openid']],
    [null, null, ['openid', 'email']],
  ] as const)('is answered by %s at %s for %j', async (mode, preset, scopes) => {
    const configured = aConfiguration({ issuer: provider.issuer, preset, scopes });
    const { redirectUrl } = await adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
    const sent = new URL(redirectUrl).searchParams;
    expect([sent.get('response_mode'), sent.get('scope')]).toEqual([mode, scopes.join(' ')]);
  });

  it.each([
    [['email'], 'openid email'],
    [[], 'openid email profile'],
  ])('of OpenID Connect that asks for %j asks for %s', async (scopes, scope) => {
    const configured = aConfiguration({ issuer: provider.issuer, scopes });
    const { redirectUrl } = await adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
    expect(new URL(redirectUrl).searchParams.get('scope')).toBe(scope);
  });
});

describe('a fresh sign-in', () => {
  it('is one that happened since the start', async () => {
    const claims = (right: JWTPayload) => ({ ...right, auth_time: seconds() });
    expect(await signIn({ fresh: true, claims })).toMatchObject({ externalId: 'ada' });
  });

  it.each<[string, () => unknown]>([
    ['before the start', () => seconds() - 10],
    ['at no time', () => undefined],
    ['at no number', () => String(seconds())],
  ])('is none that happened %s', async (_, authenticated) => {
    const claims = (right: JWTPayload) => ({ ...right, auth_time: authenticated() });
    await expect(signIn({ fresh: true, claims })).rejects.toMatchObject(TOKEN_INVALID);
  });
});

describe('an answer of the browser', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['of another issuer (RFC 9207)', { iss: 'https://accounts.example' }],
    ['with another state', { state: 'another' }],
    ['without a code', { code: '' }],
    ['with a token of its own', { id_token: 'x.y.z' }],
    ['wrapped into something else', { response: 'x.y.z' }],
  ])('%s is refused, and its code goes nowhere', async (_, parameters) => {
    await expect(signIn({ parameters })).rejects.toMatchObject(TOKEN_INVALID);
    expect(provider.asked).not.toContain('token');
  });

  it('without an issuer is refused where one is announced (RFC 9207)', async () => {
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
    expect(await signIn({ parameters: { iss: provider.issuer } })).toMatchObject({ externalId: 'ada' });
  });

  it.each(['access_denied', 'login_required', 'consent_required', 'invalid_request', 'whatever'])(
    'that says %s lets nobody in',
    async (error) => {
      await expect(signIn({ parameters: { error } })).rejects.toMatchObject({ code: 'invalid-credentials' });
      expect(provider.asked).not.toContain('token');
    },
  );

  it.each(['server_error', 'temporarily_unavailable'])('that says %s may be better later', async (error) => {
    await expect(signIn({ parameters: { error } })).rejects.toMatchObject(UNAVAILABLE);
  });

  it('of a wallet is none', async () => {
    const configured = aConfiguration({ issuer: provider.issuer });
    const { memo } = await adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
    const answer = { kind: 'signature', signature: '0x00' } as const;
    await expect(adapter.finish(configured, { memo, answer, now: new Date() })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('to a start at another kind of provider is none', async () => {
    const configured = aConfiguration({ issuer: provider.issuer });
    const memo = JSON.stringify({
      type: 'wallet',
      kept: { state: 's', nonce: 'n', codeVerifier: 'v', freshSince: null },
    });
    const answer = redirectedWith({ code: 'a-code', state: 's' });
    await expect(adapter.finish(configured, { memo, answer, now: new Date() })).rejects.toMatchObject(TOKEN_INVALID);
  });
});

describe('userinfo', () => {
  const withoutEmail = ({ email: _, email_verified: __, ...right }: JWTPayload) => right;

  it('is asked where the token has no address, and believed about its own subject', async () => {
    provider.userinfo = { sub: 'ada', email: 'ada@example.test', email_verified: true, name: 'Ada' };
    const identity = await signIn({ claims: withoutEmail });
    expect(identity).toMatchObject({ email: 'ada@example.test', emailVerified: true, displayName: 'Ada' });
    expect(provider.authorizations.userinfo).toBe('Bearer an-access-token');
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['of another subject', { sub: 'eve', email: 'ada@example.test', email_verified: true }],
    ['of no subject', { email: 'ada@example.test', email_verified: true }],
  ])('%s lets nobody in', async (_, userinfo) => {
    provider.userinfo = userinfo;
    await expect(signIn({ claims: withoutEmail })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('proves no address that the token has left unproven', async () => {
    provider.userinfo = { sub: 'ada', email: 'ada@example.test', email_verified: true };
    const claims = ({ email_verified: _, ...right }: JWTPayload) => right;
    expect(await signIn({ claims })).toMatchObject({ emailVerified: false });
  });
});

const plain = (status: number, body: string, type = 'application/json'): RequestListener => {
  return (_, response) => void response.writeHead(status, { 'Content-Type': type }).end(body);
};
const SILENT: RequestListener = () => {};
const DRIPPING: RequestListener = (_, response) => {
  const drip = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(drip));
};
const REDIRECTING: RequestListener = (_, response) => void response.writeHead(302, { Location: '/token' }).end();
const LARGE = plain(200, JSON.stringify({ padding: 'x'.repeat(MAX_BYTES) }));
const PACKED = gzipSync(JSON.stringify({ padding: 'x'.repeat(10 * 1024 * 1024) }));
const BOMB: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(PACKED);
};

describe('a provider', () => {
  const TROUBLE: [string, RequestListener][] = [
    ['redirects', REDIRECTING],
    ['says too much', LARGE],
    ['packs too much into little', BOMB],
    ['is in trouble', plain(500, '{}')],
    ['has no time', plain(429, '{}')],
  ];

  describe.each(['discovery', 'jwks', 'token', 'userinfo'] as const)('at %s', (endpoint) => {
    const claims = ({ email: _, ...right }: JWTPayload) => right;

    it.each(TROUBLE)('that %s is unavailable, and lets nobody in', async (_, listener) => {
      provider.listeners = { [endpoint]: listener };
      await expect(signIn({ claims })).rejects.toMatchObject(UNAVAILABLE);
      expect(provider.asked).toContain(endpoint);
    });

    it.each([
      ['hangs', SILENT],
      ['drips', DRIPPING],
    ])('that %s is unavailable when its time is over', async (_, listener) => {
      const patient = guardedFetch({ allowPrivate: true });
      const impatient = guardedFetch({ allowPrivate: true, deadlineMs: 100 });
      const path = endpoint === 'discovery' ? '/.well-known/' : `/${endpoint}`;
      adapter = anAdapter((url, request) => (url.includes(path) ? impatient : patient)(url, request));
      provider.listeners = { [endpoint]: listener };
      await expect(signIn({ claims })).rejects.toMatchObject({ ...UNAVAILABLE, cause: { name: 'TimeoutError' } });
    });
  });

  it.each<[Endpoint, string, RequestListener]>([
    ['token', 'says no', plain(400, '{"error":"invalid_grant"}')],
    ['token', 'does not know the client', plain(401, '{"error":"invalid_client"}')],
    ['token', 'speaks HTML', plain(200, '<html>', 'text/html')],
    ['token', 'says nothing', plain(200, '')],
    ['token', 'says nothing that is JSON', plain(200, '{"access_token":')],
    ['token', 'says a list', plain(200, '[]')],
    ['token', 'hands out no token', plain(200, '{"token_type":"Bearer"}')],
    ['jwks', 'has no keys', plain(200, '{"keys":[]}')],
    ['jwks', 'publishes nonsense', plain(200, '{"keys":["x"]}')],
    ['jwks', 'is not there', plain(404, '')],
  ])('whose %s endpoint %s lets nobody in', async (endpoint, _, listener) => {
    provider.listeners = { [endpoint]: listener };
    await expect(signIn()).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another issuer', { issuer: 'https://accounts.example' }],
    ['no issuer', { issuer: undefined }],
    ['no place to sign in', { authorization_endpoint: undefined }],
    ['a place to sign in that runs in the page', { authorization_endpoint: 'javascript:alert(1)' }],
  ])('that publishes %s sends nobody anywhere', async (_, metadata) => {
    provider.metadata = metadata;
    const configured = aConfiguration({ issuer: provider.issuer });
    const start = adapter.start(configured, { state: 's', fresh: false, ...aMoment() });
    await expect(start).rejects.toMatchObject(UNAVAILABLE);
  });

  it.each<[string, object, object]>([
    ['an issuer', { issuer: null }, UNAVAILABLE],
    ['a client', { clientId: null }, UNAVAILABLE],
    ['a secret', { clientSecret: null }, TOKEN_INVALID],
  ])('that is configured without %s lets nobody in', async (_, configuration, refusal) => {
    await expect(signIn({ configuration })).rejects.toMatchObject(refusal);
  });
});

const [HEADER, PAYLOAD] = [0, 1];

function withPart(token: string, at: number, change: (part: Record<string, unknown>) => object): string {
  const parts = token.split('.');
  const part = JSON.parse(Buffer.from(parts[at] ?? '', 'base64url').toString());
  return parts.with(at, Buffer.from(JSON.stringify(change(part))).toString('base64url')).join('.');
}
const renamed = (token: string) => withPart(token, HEADER, (header) => ({ ...header, alg: 'RS256' }));
const critical = (token: string) => withPart(token, HEADER, (header) => ({ ...header, crit: ['x'], x: 1 }));
const changed = (token: string) => withPart(token, PAYLOAD, (claims) => ({ ...claims, sub: 'eve' }));
