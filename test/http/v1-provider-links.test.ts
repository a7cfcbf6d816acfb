import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anIdentity, answerOfWallet, aWallet } from '../support/a-provider.ts';
import { aColleague, anOwner, type Person, protect } from './v1-people.ts';
import { aLink, begun, callback, comeBy, parametersOf } from './v1-round-trip.ts';
import { ACME, aV1World, latest, PASSWORD, RETURN_TO, type V1World, WALLET } from './v1-world.ts';

let world: V1World;
let person: Person;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(async () => {
  world.clock.advance(61);
  person = await anOwner(world);
});

const own = (provider = ACME, { id }: Pick<Person, 'id'> = person) => `/users/${id}/providers/${provider}`;
const listed = async (token: string, { id }: Pick<Person, 'id'> = person) =>
  (await world.get(`/users/${id}/providers`, token)).body.data;

/** Somebody who has nothing but a provider. */
async function aNewcomer(identity = anIdentity()) {
  const { body } = await comeBy(world, identity);
  const { id } = (await world.get('/auth/me', body.accessToken)).body;
  return { id, token: body.accessToken as string, identity };
}

describe('POST /users/{id}/providers/{providerId}', () => {
  it('begins with where to go, and ends with the link', async () => {
    const { token } = person;
    const started = await world.post(own(), {}, { token });
    expect(started.status).toBe(200);
    expect(Object.keys(started.body)).toEqual(['redirectUrl', 'state', 'verifier', 'expiresAt']);
    const identity = anIdentity();
    const back = { ...parametersOf(started.body, identity), verifier: started.body.verifier };
    const { status, body } = await world.post(own(), back, { token });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      providerId: ACME,
      providerType: 'oidc',
      externalId: identity.externalId,
      email: identity.email,
      displayName: 'Ada Lovelace',
      linkedAt: world.clock.now().toISOString(),
    });
    expect(await listed(token)).toEqual([body]);
    const mail = latest(await world.mailsTo(person.email), 'provider-linked');
    expect(mail).toEqual({ kind: 'provider-linked', provider: 'Acme' });
  });

  it('links at the callback for whoever shows the verifier there', async () => {
    const started = await begun(world, own(), { token: person.token });
    const headers = { 'X-Verifier': started.verifier };
    const { status, body } = await callback(world, parametersOf(started), { headers });
    expect(status).toBe(200);
    expect(await listed(person.token)).toEqual([body]);
  });

  it('links a wallet by what it has signed', async () => {
    const { token } = person;
    const wallet = aWallet();
    const { state, verifier, message } = await begun(world, own(WALLET), { token, body: wallet });
    const { kind: _, ...signed } = answerOfWallet({ challenge: { message } }, wallet) as { kind: 'signature' };
    const { status, body } = await world.post(own(WALLET), { state, verifier, ...signed }, { token });
    expect(status).toBe(201);
    expect(body).toMatchObject({ providerType: 'wallet', externalId: wallet.address, email: null });
  });

  it('asks for a verifier, a code or a signature, each by its name', async () => {
    const { token } = person;
    const { state, verifier } = await begun(world, own(), { token });
    for (const [body, field] of [
      [{ state, verifier }, 'code'],
      [{ state, code: 'a' }, 'verifier'],
      [{ state: 5, verifier, code: 'a' }, 'state'],
    ] as const) {
      const answer = await world.post(own(), body, { token });
      expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
      expect(answer.body.errors).toMatchObject([{ field }]);
    }
  });

  it('is for oneself, after a recent authentication, with a proven address', async () => {
    const another = await anOwner(world);
    expect(await world.post(own(), {}, { token: another.token })).toMatchObject({ status: 403, problem: 'forbidden' });
    const { token, answer } = await world.person();
    const unproven = await world.post(own(ACME, answer.body.user), {}, { token });
    expect(unproven).toMatchObject({ status: 403, problem: 'email-not-verified' });
    world.clock.advance(301);
    const late = await world.post(own(), {}, { token: person.token });
    expect(late).toMatchObject({ status: 401, problem: 'reauthentication-required' });
  });

  it('refuses what another session, or another person, has begun', async () => {
    const started = await begun(world, own(), { token: person.token });
    const another = await anOwner(world);
    const back = { ...parametersOf(started), verifier: started.verifier };
    const answer = await world.post(own(ACME, another), back, { token: another.token });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
    expect(await listed(another.token, another)).toEqual([]);
  });

  it('refuses an identity that is somebody else’s, and a second one of the same provider', async () => {
    const taken = await aNewcomer();
    expect(await aLink(world, person, ACME, taken.identity)).toMatchObject({
      status: 409,
      problem: 'provider-already-linked',
    });
    expect((await aLink(world, person)).status).toBe(201);
    expect(await aLink(world, person)).toMatchObject({ status: 409, problem: 'provider-already-linked' });
  });

  it('is repeated for its Idempotency-Key, and begins anew each time', async () => {
    const { token } = person;
    const headers = { 'Idempotency-Key': '"once"' };
    const started = await begun(world, own(), { token, headers });
    expect((await begun(world, own(), { token, headers })).state).not.toBe(started.state);
    const back = { ...parametersOf(started), verifier: started.verifier };
    const first = await world.post(own(), back, { token, headers });
    const second = await world.post(own(), back, { token, headers });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await world.post(own(), { ...back, code: 'another' }, { token, headers });
    expect(other).toMatchObject({ status: 422, problem: 'idempotency-key-reused' });
  });
});

describe('GET /users/{id}/providers', () => {
  it('is for oneself, and for those of the tenant who may list people', async () => {
    const colleague = await aColleague(world, person);
    await aLink(world, colleague);
    const [link] = await listed(colleague.token, colleague);
    expect(await listed(person.token, colleague)).toEqual([link]);
    const path = `/users/${person.id}/providers`;
    expect(await world.get(path, colleague.token)).toMatchObject({ status: 403, problem: 'forbidden' });
    const stranger = await anOwner(world);
    expect(await world.get(path, stranger.token)).toMatchObject({ status: 404, problem: 'not-found' });
  });
});

describe('DELETE /users/{id}/providers/{providerId}', () => {
  it('takes a way in away, and tells the person', async () => {
    const identity = anIdentity();
    await aLink(world, person, ACME, identity);
    const { status, text } = await world.call('DELETE', own(), { token: person.token });
    expect([status, text]).toEqual([204, '']);
    expect(await listed(person.token)).toEqual([]);
    latest(await world.mailsTo(person.email), 'provider-unlinked');
    const again = await comeBy(world, identity);
    expect((await world.get('/auth/me', again.body.accessToken)).body.id).not.toBe(person.id);
    expect(await world.call('DELETE', own(), { token: person.token })).toMatchObject({ status: 404 });
  });

  it('leaves the last way in', async () => {
    const newcomer = await aNewcomer();
    const answer = await world.call('DELETE', own(ACME, newcomer), { token: newcomer.token });
    expect(answer).toMatchObject({ status: 400, problem: 'last-provider' });
  });

  it('has nothing that If-Match could name', async () => {
    await aLink(world, person);
    const { token } = person;
    const answer = await world.call('DELETE', own(), { token, headers: { 'If-Match': '"a"' } });
    expect(answer).toMatchObject({ status: 412, problem: 'precondition-failed' });
    expect((await world.call('DELETE', own(), { token, headers: { 'If-Match': '*' } })).status).toBe(204);
  });
});

describe('POST /auth/reauthenticate, of somebody who has nothing but a provider', () => {
  const PATH = '/auth/reauthenticate';

  it('asks for the provider, sends the person there, and counts when they come back', async () => {
    const { id, token, identity } = await aNewcomer();
    world.clock.advance(301);
    const late = () => world.post(own(WALLET, { id }), aWallet(), { token });
    expect(await late()).toMatchObject({ status: 401, problem: 'reauthentication-required' });

    const asked = await world.post(PATH, {}, { token });
    expect(asked.body.errors).toEqual([{ field: 'providerId', message: 'is required', code: 'REQUIRED' }]);
    const started = await world.post(PATH, { providerId: ACME }, { token });
    expect(started.status).toBe(200);
    expect(Object.keys(started.body)).toEqual(['redirectUrl', 'state', 'verifier', 'expiresAt']);
    const back = { ...parametersOf(started.body, identity), verifier: started.body.verifier };
    const { status, body } = await world.post(PATH, back, { token });
    expect(status).toBe(200);
    expect(body).toEqual({ authenticatedAt: world.clock.now().toISOString() });
    expect((await late()).status).toBe(200);
    expect(await world.post(PATH, back, { token })).toMatchObject({ status: 401, problem: 'token-invalid' });
  });

  it('comes back through a browser to the page, which finishes it', async () => {
    const { token, identity } = await aNewcomer();
    const { body: started } = await world.post(PATH, { providerId: ACME, returnTo: RETURN_TO }, { token });
    const returned = await callback(world, parametersOf(started, identity));
    const { code, state, iss } = Object.fromEntries(new URL(returned.headers.get('Location') ?? '').searchParams);
    const { status } = await world.post(PATH, { code, state, iss, verifier: started.verifier }, { token });
    expect(status).toBe(200);
  });

  it('takes nobody else’s word', async () => {
    const { token } = await aNewcomer();
    const { body: started } = await world.post(PATH, { providerId: ACME }, { token });
    const back = { ...parametersOf(started), verifier: started.verifier };
    expect(await world.post(PATH, back, { token })).toMatchObject({ status: 401, problem: 'invalid-credentials' });
    expect(await world.post(PATH, { providerId: WALLET, ...aWallet() }, { token })).toMatchObject({ status: 404 });
  });

  it('is not the way of an account that has factors of its own', async () => {
    const { token } = person;
    await aLink(world, person);
    const answer = await world.post(PATH, { providerId: ACME }, { token });
    expect(answer.body.errors).toMatchObject([{ field: 'password', code: 'REQUIRED' }]);
    const code = await protect(world, person);
    const mfaCode = await code();
    expect((await world.post(PATH, { password: PASSWORD, mfaCode }, { token })).status).toBe(200);
  });
});
