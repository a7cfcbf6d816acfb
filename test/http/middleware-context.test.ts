import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { aGateWorld } from './gate-world.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

describe('every answer', () => {
  it('has the caller’s request id if that is a UUID, else a new one', async () => {
    const { call } = await aGateWorld();
    const id = '0190A0B0-0000-7000-8000-00000000000f';
    const of = async (given: string) =>
      (await call('GET', '/healthz', { headers: { 'x-request-id': given } })).headers.get('X-Request-Id');
    expect(await of(id)).toBe(id);
    for (const given of ['', 'nonsense', `${id}0`, `${id} ${id}`]) {
      expect(await of(given), given).toMatch(UUID);
      expect(await of(given), given).not.toBe(given);
    }
  });

  it('is not sniffed, names no referrer and is not stored, refused ones too', async () => {
    const { call, post } = await aGateWorld();
    for (const answer of [await call('GET', '/healthz'), await post('gate/login'), await call('GET', '/nothing')]) {
      expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(answer.headers.get('Referrer-Policy')).toBe('no-referrer');
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
    }
  });

  it('continues the trace that it is given, and begins one otherwise (W3C Trace Context)', async () => {
    const { call } = await aGateWorld();
    const traceOf = async (traceparent: string) =>
      (await call('GET', '/nothing', { headers: { traceparent } })).body.trace_id as string;
    const trace = '0af7651916cd43dd8448eb211c80319c';
    expect(await traceOf(`00-${trace}-b7ad6b7169203331-01`)).toBe(trace);
    const invalid = [
      `ff-${trace}-b7ad6b7169203331-01`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-${trace}-${'0'.repeat(16)}-01`,
      `00-${trace}`,
      trace,
    ];
    for (const traceparent of invalid) {
      const id = await traceOf(traceparent);
      expect(id, traceparent).toMatch(/^[\da-f]{32}$/);
      expect([trace, '0'.repeat(32)], traceparent).not.toContain(id);
    }
  });
});

function linesInto(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}

describe('the log', () => {
  it('has one line a request: the pattern of the route, no path, query, token, key or body', async () => {
    const lines: string[] = [];
    const sink = linesInto(lines);
    const world = await aGateWorld({ http: { logger: pino({ level: 'info' }, sink) } });
    const { email, token, refreshToken } = await world.person();
    await world.call('GET', `/api/v1/pub/${world.project.id}/auth/me?access_token=leaky`, { token });
    await world.call('GET', '/nothing?otp=leaky');
    await new Promise((resolve) => setImmediate(resolve));
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['POST', '/api/v1/gate/:project_id/auth/register', 201],
      ['GET', '/api/v1/pub/:project_id/auth/me', 200],
      ['GET', '/*', 404],
    ]);
    expect(logged[0]).toMatchObject({
      requestId: expect.stringMatching(UUID),
      address: expect.stringMatching(/^10\./),
    });
    for (const secret of [email, token, refreshToken, world.key, PASSWORD_PART, 'leaky']) {
      expect(lines.join('')).not.toContain(secret);
    }
  });

  it('tells of an accident what the operator needs, and the client nothing', async () => {
    const lines: string[] = [];
    const sink = linesInto(lines);
    const world = await aGateWorld({ http: { logger: pino({ level: 'error' }, sink) } });
    const cause = Object.assign(new Error('connection lost'), { code: '57P01', detail: 'Key (email)=(secret)' });
    world.ports.rateLimiter.hit = () => Promise.reject(new Error('Failed query: select 1\nparams: secret', { cause }));
    const gate = await world.call('GET', 'pub/me');
    expect([gate.status, gate.body]).toEqual([500, { detail: 'Internal error' }]);
    const v1 = await world.post('/api/v1/auth/login', { email: 'a@b.test', password: 'p' });
    expect(v1).toMatchObject({ status: 500, body: { title: 'Internal error' } });
    const written = lines.join('');
    expect(written).toContain('connection lost');
    expect(JSON.stringify([gate.body, v1.body]) + written).not.toContain('secret');
    expect(JSON.stringify([gate.body, v1.body])).not.toContain('query');
  });
});

const PASSWORD_PART = 'purple elephants';

describe('CORS', () => {
  const ORIGIN = 'https://app.example';
  const corsWorld = () => aGateWorld({ http: { corsOrigins: [ORIGIN] } });

  it('is silent unless origins are configured', async () => {
    const { call } = await aGateWorld();
    const { headers } = await call('GET', '/healthz', { headers: { origin: ORIGIN } });
    expect([headers.get('Vary'), headers.get('Access-Control-Allow-Origin')]).toEqual([null, null]);
  });

  it('lets the listed origins alone read answers, and says that the answer varies', async () => {
    const { call } = await corsWorld();
    const of = async (origin: string) => (await call('GET', '/healthz', { headers: { origin } })).headers;
    expect((await of(ORIGIN)).get('Access-Control-Allow-Origin')).toBe(ORIGIN);
    for (const origin of ['https://app.example.evil', 'http://app.example', 'null', '*', '']) {
      expect((await of(origin)).get('Access-Control-Allow-Origin'), origin).toBeNull();
      expect((await of(origin)).get('Vary'), origin).toBe('Origin');
    }
    expect((await of(ORIGIN)).get('Access-Control-Allow-Credentials')).toBeNull();
  });

  it('answers the preflight of a listed origin; an API key is not for pages', async () => {
    const { call } = await corsWorld();
    const preflight = (origin: string) =>
      call('OPTIONS', '/api/v1/auth/login', { headers: { origin, 'access-control-request-method': 'POST' } });
    const { status, headers } = await preflight(ORIGIN);
    expect(status).toBe(204);
    expect(headers.get('Access-Control-Allow-Methods')).toContain('PATCH');
    expect(headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
    expect(headers.get('Access-Control-Allow-Headers')).not.toContain('X-API-Key');
    expect((await preflight('https://evil.example')).status).toBe(405);
  });
});
