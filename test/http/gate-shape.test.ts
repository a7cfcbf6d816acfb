import { beforeAll, describe, expect, it } from 'vitest';
import { aGateWorld, type GateWorld, PASSWORD } from './gate-world.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await aGateWorld();
});

const register = (more: object) => world.post('gate/register', { email: 'a@b.test', password: PASSWORD, ...more });
const base = (path: string) => `/api/v1/${path.replace('{id}', world.project.id)}`;

describe('the shape of the input', () => {
  it('is refused as a list of what is wrong', async () => {
    const { status, body } = await world.post('gate/register', { email: 7, name: 'x'.repeat(257) });
    expect(status).toBe(422);
    expect(body.detail).toEqual([
      { loc: ['body', 'email'], msg: expect.any(String), type: 'type_error' },
      { loc: ['body', 'password'], msg: expect.any(String), type: 'missing' },
      { loc: ['body', 'name'], msg: expect.any(String), type: 'too_long' },
    ]);
  });

  it('has an email that is one', async () => {
    expect(await register({ email: 'nonsense' })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'email'], msg: 'is not a valid email address', type: 'value_error' }] },
    });
    for (const email of ['', `${'a'.repeat(320)}@example.test`, null, ['a@b.test']]) {
      expect(await register({ email }), String(email)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'email'] }] },
      });
    }
  });

  it('has passwords of 8 to 128 code points', async () => {
    const statusOf = async (password: string) => (await register({ email: 'registered@b.test', password })).status;
    await register({ email: 'registered@b.test' });
    expect(await statusOf('😀'.repeat(7))).toBe(422);
    expect(await statusOf('😀'.repeat(8))).toBe(409);
    expect(await statusOf('😀'.repeat(128))).toBe(409);
    expect(await statusOf('😀'.repeat(129))).toBe(422);
    const login = (password: string) => world.post('gate/login', { email: 'registered@b.test', password });
    expect((await login('x'.repeat(128))).status).toBe(401);
    expect((await login('x'.repeat(129))).status).toBe(422);
    expect((await login('')).status).toBe(401);
  });

  it('has names and phones that carry no link and nothing that steers a terminal', async () => {
    for (const [field, value] of [
      ['name', 'https://evil.example'],
      ['name', 'Ada\u001b[2J'],
      ['name', 'Ada\nBcc: everybody'],
      ['phone', '+49\r\n1'],
    ] as const) {
      const answer = await register({ [field]: value });
      const entry = { loc: ['body', field], type: 'value_error' };
      expect(answer, value).toMatchObject({ status: 422, body: { detail: [entry] } });
    }
    expect((await register({ email: 'plain@b.test', name: 'Ada: Countess / Lovelace', phone: '+49 1' })).status).toBe(
      201,
    );
  });

  it('has a phone of 32 characters, and metadata of 16 KiB and 8 levels', async () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) });
    const refused = [
      [{ phone: 'x'.repeat(33) }, 'phone'],
      [{ metadata: nested(9) }, 'metadata'],
      [{ metadata: { text: 'x'.repeat(16 * 1024) } }, 'metadata'],
      [{ metadata: [] }, 'metadata'],
      [{ metadata: 'text' }, 'metadata'],
    ] as const;
    for (const [input, field] of refused) {
      const answer = await register(input);
      expect(answer, field).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
    }
    const fits = { phone: 'x'.repeat(32), metadata: { deep: nested(7), text: 'x'.repeat(16_000) } };
    expect((await register({ email: 'fits@b.test', ...fits })).status).toBe(201);
  });

  it('is an object', async () => {
    for (const body of [[], 'text', 1, null]) {
      const answer = await world.post('gate/login', body);
      expect(answer, String(body)).toMatchObject({ status: 422, body: { detail: [{ loc: ['body'] }] } });
    }
  });

  it('may leave out or null what is optional, and say what nobody asked for', async () => {
    const input = { email: 'nulls@b.test', name: null, phone: null, metadata: null, is_admin: true, roles: ['owner'] };
    expect((await register(input)).status).toBe(201);
    const { body } = await world.post('gate/login', { email: input.email, password: PASSWORD });
    expect((await world.me(body.access_token)).body).toMatchObject({
      name: null,
      phone: null,
      metadata: {},
      roles: ['user'],
    });
  });

  it('has no NUL, no lone surrogate, no __proto__, no more than 32 levels', async () => {
    for (const text of [
      '{"email":"\\u0000"}',
      '{"x":"\\ud800"}',
      '{"__proto__":{}}',
      `{"x":${'['.repeat(33)}${']'.repeat(33)}}`,
    ]) {
      expect((await world.call('POST', 'gate/login', { text })).status, text).toBe(422);
    }
  });
});

describe('a body that is none', () => {
  it('is 400, 413 or 415 in the form of this API', async () => {
    expect(await world.call('POST', 'gate/login', { text: '{' })).toMatchObject({
      status: 400,
      body: { detail: 'Malformed JSON' },
    });
    const long = JSON.stringify({ email: 'x'.repeat(64 * 1024) });
    expect(await world.call('POST', 'gate/login', { text: long })).toMatchObject({
      status: 413,
      body: { detail: 'Payload too large' },
    });
    const headers = { 'content-type': 'text/plain' };
    expect(await world.call('POST', 'gate/login', { text: '{}', headers })).toMatchObject({
      status: 415,
      body: { detail: 'Content-Type must be application/json' },
    });
  });
});

describe('a path or method that is not there', () => {
  it('is 404 and 405 in the form of this API, under its base paths alone', async () => {
    for (const path of [
      'gate',
      'gate/{id}',
      'gate/{id}/auth/nothing',
      'pub/{id}/auth',
      'pub/{id}/auth/login',
      'gate/{id}/auth/login/',
    ]) {
      const answer = await world.post(base(path), {});
      expect(answer, path).toMatchObject({ status: 404, body: { detail: 'Not found' } });
    }
    const elsewhere = await world.post(base('gates/{id}/auth/login'), {});
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.headers.get('Content-Type')).toBe('application/problem+json');
  });

  it('names the methods that there are', async () => {
    const cases = [
      ['GET', 'gate/{id}/auth/login', 'POST'],
      ['DELETE', 'pub/{id}/auth/refresh', 'POST'],
      ['POST', 'pub/{id}/auth/me', 'GET, HEAD'],
      ['PUT', 'pub/{id}/.well-known/jwks.json', 'GET, HEAD'],
    ] as const;
    for (const [method, path, allow] of cases) {
      const answer = await world.call(method, base(path));
      expect(answer, path).toMatchObject({ status: 405, body: { detail: 'Method not allowed' } });
      expect(answer.headers.get('Allow'), path).toBe(allow);
    }
  });
});
