import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anIdentity, answerOfWallet, aWallet } from '../support/a-provider.ts';
import { anId } from '../support/builders.ts';
import { anOwner, protect } from './v1-people.ts';
import { aLink, begun, callback, comeBy, parametersOf } from './v1-round-trip.ts';
import { ACME, type Answer, aV1World, GENEROUS, PUBLIC_URL, RETURN_TO, type V1World, WALLET } from './v1-world.ts';

const START = `/auth/login/${ACME}`;
const COOKIE = '__Host-castellan-verifier';
const LISTED = 'https://console.example';

let world: V1World;
beforeAll(async () => {
  world = await aV1World({ http: { corsOrigins: [LISTED] } });
});
beforeEach(() => world.clock.advance(61));

/** What the browser sends from now on. */
function cookieOf({ headers }: Answer): { readonly Cookie: string; readonly verifier: string } {
  const [, verifier = ''] = /^__Host-castellan-verifier=([^;]+)/.exec(headers.get('Set-Cookie') ?? '') ?? [];
  return { Cookie: `${COOKIE}=${verifier}`, verifier };
}

const startAt = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  world.call('GET', `${START}?${new URLSearchParams(query)}`, { headers });

/** As the provider sees it. */
function atProvider({ headers }: Answer) {
  const redirectUrl = headers.get('Location') ?? '';
  return { redirectUrl, state: new URL(redirectUrl).searchParams.get('state') ?? '' };
}

/** All the way of a browser, to the code in the address of the page. */
async function aReturn(identity = anIdentity()) {
  const started = await startAt({ returnTo: RETURN_TO });
  const { Cookie, verifier } = cookieOf(started);
  const back = await callback(world, parametersOf(atProvider(started), identity), { headers: { Cookie } });
  const code = new URL(back.headers.get('Location') ?? '').searchParams.get('code') ?? '';
  return { Cookie, verifier, code };
}

describe('a browser on its way to a provider', () => {
  it('is sent there with a cookie that no script, no other host and no plain connection gets', async () => {
    const answer = await startAt({ returnTo: RETURN_TO });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(atProvider(answer).redirectUrl).toMatch(/^https:\/\/id\.example\.test\/authorize\?/);
    const [pair, ...attributes] = (answer.headers.get('Set-Cookie') ?? '').split('; ');
    expect(pair).toMatch(/^__Host-castellan-verifier=pv_[\w-]{40,}$/);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure']);
    expect(atProvider(answer).redirectUrl).not.toContain(cookieOf(answer).verifier);
  });

  it('does not lose what it comes back with to somebody who looks ahead', async () => {
    const started = await startAt({ returnTo: RETURN_TO });
    const { Cookie } = cookieOf(started);
    const parameters = parametersOf(atProvider(started));
    const path = `/api/v1/auth/callback/${ACME}?${new URLSearchParams(parameters)}`;
    expect((await world.app.request(path, { method: 'HEAD', headers: { Cookie } })).status).toBe(405);
    const back = await callback(world, parameters, { headers: { Cookie } });
    expect(new URL(back.headers.get('Location') ?? '').searchParams.has('code')).toBe(true);
  });

  it('keeps the verifier that it has, so that two tabs do not take it from each other', async () => {
    const first = await startAt({ returnTo: RETURN_TO });
    const { Cookie, verifier } = cookieOf(first);
    const second = await startAt({ returnTo: RETURN_TO }, { Cookie });
    expect(cookieOf(second).verifier).toBe(verifier);
    for (const started of [first, second]) {
      const back = await callback(world, parametersOf(atProvider(started)), { headers: { Cookie } });
      expect(new URL(back.headers.get('Location') ?? '').searchParams.has('code')).toBe(true);
    }
  });

  it('is told where it may not be sent back to, and gets no cookie', async () => {
    for (const returnTo of ['https://evil.example/', `${RETURN_TO}#`, RETURN_TO.replace('https', 'http'), 'nonsense']) {
      const answer = await startAt({ returnTo });
      expect(answer, returnTo).toMatchObject({ status: 400, problem: 'validation-error' });
      expect(answer.body.errors).toMatchObject([{ field: 'returnTo' }]);
      expect(answer.headers.get('Set-Cookie')).toBeNull();
    }
  });

  it('names the project in the address', async () => {
    const settings = {
      v1Enabled: true,
      emailVerificationRequired: false,
      signingAlgorithm: 'ES256',
      ...GENEROUS,
    } as const;
    const { id: projectId } = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
    const provider = { projectId, id: ACME, name: 'Acme', type: 'oidc', clientId: 'shop' };
    await world.iam.providers.configureProvider.execute(OPERATOR, provider);
    const started = await startAt({ projectId });
    expect(atProvider(started).redirectUrl).toContain('client_id=shop');
    const { Cookie } = cookieOf(started);
    const { status, body } = await callback(world, parametersOf(atProvider(started)), { headers: { Cookie } });
    expect(status).toBe(200);
    const { tenantId } = (await world.get('/auth/me', body.accessToken)).body;
    expect(tenantId).toBe((await world.iam.projects.findProject.execute(projectId)).rootTenantId);
    expect(await startAt({ projectId: anId<string>() })).toMatchObject({ status: 404, problem: 'not-found' });
    expect(await startAt({ projectId: 'shop' })).toMatchObject({ status: 400, problem: 'validation-error' });
  });

  it('is sent to the page that asks the wallet, where that is the way', async () => {
    const answer = await world.call('GET', `/auth/login/${WALLET}?${new URLSearchParams({ returnTo: RETURN_TO })}`);
    expect(answer.status).toBe(303);
    const url = new URL(answer.headers.get('Location') ?? '');
    expect(url.origin + url.pathname).toBe(`${PUBLIC_URL}/wallet/${WALLET}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({ projectId: world.platform.id, returnTo: RETURN_TO });
  });
});

describe('a browser that comes back', () => {
  it('is signed in by its cookie alone', async () => {
    const started = await startAt({});
    const { Cookie } = cookieOf(started);
    const { status, body } = await callback(world, parametersOf(atProvider(started)), { headers: { Cookie } });
    expect(status).toBe(200);
    expect((await world.get('/auth/me', body.accessToken)).status).toBe(200);
  });

  it('is nobody with the cookie of another', async () => {
    const started = await startAt({ returnTo: RETURN_TO });
    const another = cookieOf(await startAt({ returnTo: RETURN_TO }));
    const parameters = parametersOf(atProvider(started));
    for (const { Cookie } of [another, cookieOf(started)]) {
      const back = await callback(world, parameters, { headers: { Cookie } });
      expect(back).toMatchObject({ status: 401, problem: 'token-invalid' });
    }
  });

  it('is asked to come once more, with its cookie, when a provider lets a form submit', async () => {
    const started = await startAt({ returnTo: RETURN_TO });
    const { Cookie } = cookieOf(started);
    const form = { ...parametersOf(atProvider(started)), user: '{"name":"Ada"}', id_token: 'eyJ' };
    const submitted = await world.call('POST', `/auth/callback/${ACME}`, { form });
    expect(submitted.status).toBe(303);
    const location = submitted.headers.get('Location') ?? '';
    expect([...new URLSearchParams(location).keys()].sort()).toEqual(['code', 'iss', 'state']);
    const path = new URL(location, `${PUBLIC_URL}/api/v1/auth/callback/${ACME}`);
    const back = await world.call('GET', path.pathname + path.search, { headers: { Cookie } });
    expect(new URL(back.headers.get('Location') ?? '').searchParams.has('code')).toBe(true);
  });

  it('hands in what a wallet has signed as a form, and is sent on', async () => {
    const wallet = aWallet();
    const body = { ...wallet, returnTo: RETURN_TO };
    const { state, verifier, message } = await begun(world, `/auth/login/${WALLET}`, { body });
    const { kind: _, ...signed } = answerOfWallet({ challenge: { message } }, wallet) as {
      kind: 'signature';
      signature: string;
    };
    const form = { state, verifier, ...signed };
    const { status, headers } = await world.call('POST', `/auth/callback/${WALLET}`, { form });
    expect(status).toBe(303);
    const code = new URL(headers.get('Location') ?? '').searchParams.get('code');
    expect((await world.post('/auth/exchange', { code, verifier })).status).toBe(200);
  });

  it('submits no form that says something twice, or nothing', async () => {
    for (const form of [
      'state=a&state=b&code=c',
      'state=a',
      'state=a&signature=',
      '__proto__=a&state=a&code=b',
      'state=%00&code=a',
    ]) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const answer = await world.app.request(`/api/v1/auth/callback/${ACME}`, { method: 'POST', body: form, headers });
      expect(answer.status, form).toBe(400);
    }
  });
});

describe('a page of the service itself', () => {
  const fromOwnPage = { 'Sec-Fetch-Site': 'same-origin' };
  const start = (headers: Record<string, string>) => world.post(START, { returnTo: RETURN_TO }, { headers });

  it('has the browser keep the verifier, as a link does', async () => {
    const started = await start(fromOwnPage);
    const { Cookie, verifier } = cookieOf(started);
    expect(started.body.verifier).toBe(verifier);
    expect((await start({ ...fromOwnPage, Cookie })).body.verifier).toBe(verifier);
  });

  it('is no page of anybody else', async () => {
    const { Cookie, verifier } = cookieOf(await start(fromOwnPage));
    for (const site of ['same-site', 'cross-site', 'none', '']) {
      const answer = await start({ 'Sec-Fetch-Site': site, Cookie });
      expect(answer.body.verifier, site).not.toBe(verifier);
      expect(answer.headers.get('Set-Cookie'), site).toBeNull();
    }
  });
});

describe('an exchange by the cookie', () => {
  it('gives tokens once, and takes the cookie away', async () => {
    const { Cookie, code } = await aReturn();
    const { status, body, headers } = await world.post('/auth/exchange', { code }, { headers: { Cookie } });
    expect(status).toBe(200);
    expect((await world.get('/auth/me', body.accessToken)).status).toBe(200);
    const [pair, ...attributes] = (headers.get('Set-Cookie') ?? '').split('; ');
    expect(pair).toBe(`${COOKIE}=`);
    expect(attributes).toEqual(expect.arrayContaining(['Max-Age=0', 'Path=/', 'Secure']));
    const again = await world.post('/auth/exchange', { code }, { headers: { Cookie } });
    expect(again).toMatchObject({ status: 401, problem: 'token-invalid' });
    expect(again.headers.get('Set-Cookie')).toBeNull();
  });

  it('takes the cookie away also where the second factor is still to come', async () => {
    const person = await anOwner(world);
    const identity = anIdentity();
    await aLink(world, person, ACME, identity);
    const show = await protect(world, person);
    const { Cookie, code } = await aReturn(identity);
    const answer = await world.post('/auth/exchange', { code }, { headers: { Cookie } });
    expect(answer).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect(answer.headers.get('Set-Cookie')).toMatch(`${COOKIE}=; Max-Age=0`);
    const { challengeToken } = answer.body;
    const { status } = await world.post('/auth/mfa/challenge', { challengeToken, mfaCode: await show() });
    expect(status).toBe(200);
  });

  it('says what is missing where the browser holds none', async () => {
    const { code } = await aReturn();
    const answer = await world.post('/auth/exchange', { code });
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([{ field: 'verifier', message: 'is required', code: 'REQUIRED' }]);
  });

  it('is for pages that people are sent back to, listed ones, and our own: for no other', async () => {
    for (const Origin of ['https://evil.example', 'null', 'https://app.example.evil', 'http://app.example']) {
      const { Cookie, code } = await aReturn();
      const answer = await world.post('/auth/exchange', { code }, { headers: { Cookie, Origin } });
      expect(answer, Origin).toMatchObject({ status: 403, problem: 'forbidden' });
    }
    for (const Origin of ['https://app.example', LISTED, PUBLIC_URL]) {
      const { Cookie, code } = await aReturn();
      expect((await world.post('/auth/exchange', { code }, { headers: { Cookie, Origin } })).status, Origin).toBe(200);
    }
  });

  it('is none where the body has a verifier: that one counts, from wherever it comes', async () => {
    const { Cookie, verifier, code } = await aReturn();
    const wrong = await world.post('/auth/exchange', { code, verifier: 'pv_other' }, { headers: { Cookie } });
    expect(wrong).toMatchObject({ status: 401, problem: 'token-invalid' });
    const headers = { Cookie: `${COOKIE}=pv_other`, Origin: 'https://evil.example' };
    const answer = await world.post('/auth/exchange', { code, verifier }, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Set-Cookie')).toBeNull();
  });

  it('cannot be asked for by a form', async () => {
    const { Cookie, code } = await aReturn();
    const answer = await world.call('POST', '/auth/exchange', { form: { code }, headers: { Cookie } });
    expect(answer).toMatchObject({ status: 415, problem: 'unsupported-media-type' });
  });

  it('is the one call that listed origins may make with credentials', async () => {
    const credentialsOf = async (method: string, path: string, Origin: string) => {
      const headers = { Origin, ...(method === 'OPTIONS' && { 'Access-Control-Request-Method': 'POST' }) };
      return (await world.call(method, path, { headers })).headers.get('Access-Control-Allow-Credentials');
    };
    for (const method of ['OPTIONS', 'POST']) {
      expect(await credentialsOf(method, '/auth/exchange', LISTED)).toBe('true');
      for (const Origin of ['https://evil.example', 'https://app.example', 'null']) {
        expect(await credentialsOf(method, '/auth/exchange', Origin), Origin).toBeNull();
      }
      for (const path of [START, '/auth/login', '/auth/exchange/', '/auth/mfa/challenge', `/auth/callback/${ACME}`]) {
        expect(await credentialsOf(method, path, LISTED), path).toBeNull();
      }
    }
    const preflight = await world.app.request('/v1/auth/exchange', {
      method: 'OPTIONS',
      headers: { Origin: LISTED, 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.headers.get('Access-Control-Allow-Credentials')).toBe('true');
  });
});

describe('somebody who is signed in, in a browser that holds a cookie of a sign-in', () => {
  it('comes back to the page with what links, unspent: the cookie was made for something else', async () => {
    const person = await anOwner(world);
    const { Cookie } = cookieOf(await startAt({ returnTo: RETURN_TO }));
    const { token } = person;
    const path = `/users/${person.id}/providers/${ACME}`;
    const started = await begun(world, path, { token, body: { returnTo: RETURN_TO } });
    const identity = anIdentity();
    const sent = parametersOf(started, identity);
    const back = await callback(world, sent, { headers: { Cookie } });
    expect(back.status).toBe(303);
    const { from, ...query } = Object.fromEntries(new URL(back.headers.get('Location') ?? '').searchParams);
    expect(from).toBe('iam');
    expect(query).toEqual(sent);
    const { status } = await world.post(path, { ...query, verifier: started.verifier }, { token });
    expect(status).toBe(201);
    const { body } = await comeBy(world, identity);
    expect((await world.get('/auth/me', body.accessToken)).body.id).toBe(person.id);
  });
});
