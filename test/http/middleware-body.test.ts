import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { HttpEnvironment } from '../../src/adapters/http/environment.ts';
import { readJson, readOptionalJson } from '../../src/adapters/http/middleware/body.ts';
import { HttpRefusal } from '../../src/adapters/http/middleware/http-refusal.ts';
import { IamError } from '../../src/domain/errors.ts';

const app = new Hono<HttpEnvironment>()
  .post('/', async (c) => c.json({ got: await readJson(c) }))
  .post('/optional', async (c) => c.json({ got: await readOptionalJson(c) }))
  .onError((error, c) => {
    if (error instanceof IamError && error.is('validation-error')) return c.json(error.details.violations, 422);
    return c.json(error instanceof HttpRefusal ? error.code : 'accident', 400);
  });

type Body = string | Uint8Array<ArrayBuffer>;
async function send(body: Body, headers: Readonly<Record<string, string>> = {}, path = '/') {
  const length = String(Buffer.byteLength(body));
  const all = { 'content-type': 'application/json', 'content-length': length, ...headers };
  const answer = await app.request(path, { method: 'POST', body, headers: all });
  return { status: answer.status, body: await answer.json() };
}
const refusal = (code: string) => ({ status: 400, body: code });
const notAllowed = (field: string) => ({ status: 422, body: [{ field, code: 'NOT_ALLOWED' }] });

describe('readJson', () => {
  it('takes application/json, with parameters and in any case, and nothing else', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON ;x=y']) {
      expect(await send('{"a":1}', { 'content-type': type }), type).toEqual({ status: 200, body: { got: { a: 1 } } });
    }
    for (const type of [
      '',
      'text/plain',
      'application/jsonp',
      'application/problem+json',
      'text/json',
      'x/application/json',
    ]) {
      expect(await send('{}', { 'content-type': type }), type).toEqual(refusal('unsupported-media-type'));
    }
  });

  it('refuses what is not JSON', async () => {
    for (const body of ['', '{', '{"a":1}}', "{'a':1}", '{"a":NaN}', '\0', '{"a":"\n"}']) {
      expect(await send(body), body).toEqual(refusal('malformed-json'));
    }
  });

  it('refuses what is not UTF-8', async () => {
    for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const body = Uint8Array.from([0x22, ...bytes, 0x22]);
      expect(await send(body), String(bytes)).toEqual(refusal('malformed-json'));
    }
  });

  it('takes 64 KiB and not a byte more, whether or not a length is declared', async () => {
    const fits = JSON.stringify('x'.repeat(64 * 1024 - 2));
    const tooLong = JSON.stringify('x'.repeat(64 * 1024 - 1));
    expect((await send(fits)).status).toBe(200);
    expect(await send(tooLong)).toEqual(refusal('payload-too-large'));
    const chunked = { 'transfer-encoding': 'chunked', 'content-length': '0' };
    expect((await send(fits, chunked)).status).toBe(200);
    expect(await send(tooLong, chunked)).toEqual(refusal('payload-too-large'));
  });

  it('believes a declared length before it reads anything', async () => {
    const endless = new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    const headers = { 'content-type': 'text/plain', 'content-length': '65537' };
    const request = new Request('http://localhost/', {
      method: 'POST',
      body: endless,
      headers,
      duplex: 'half',
    } as RequestInit);
    expect(await (await app.request(request)).json()).toBe('payload-too-large');
  });

  it('takes 32 levels and not one more', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect((await send(nested(32))).status).toBe(200);
    expect(await send(nested(33))).toMatchObject({ status: 422, body: [{ code: 'NOT_ALLOWED' }] });
    expect((await send(nested(30_000))).status).toBe(422);
  });

  it('refuses NUL and lone surrogates, in values and in names, at any depth', async () => {
    expect(await send('{"a":{"b":["\\u0000"]}}')).toMatchObject(notAllowed('a.b.0'));
    expect(await send('{"a":"x\\ud800"}')).toMatchObject(notAllowed('a'));
    expect(await send('{"a":"\\udc00\\ud800"}')).toMatchObject(notAllowed('a'));
    expect(await send('{"a":{"\\u0000":1}}')).toMatchObject(notAllowed('a'));
    expect(await send('"\\u0000"')).toMatchObject(notAllowed(''));
    expect((await send('{"a":"\\ud83d\\ude00"}')).body).toEqual({ got: { a: '😀' } });
  });

  it('refuses __proto__, however it is spelled', async () => {
    expect(await send('{"a":{"__proto__":{"admin":true}}}')).toMatchObject(notAllowed('a.__proto__'));
    expect(await send('{"\\u005f_proto__":1}')).toMatchObject(notAllowed('__proto__'));
  });
});

describe('readOptionalJson', () => {
  it('is an empty object without a body, and as strict as the other with one', async () => {
    const nothing = { 'content-type': '', 'content-length': '0' };
    expect(await send('', nothing, '/optional')).toEqual({ status: 200, body: { got: {} } });
    expect(await send('{"a":1}', {}, '/optional')).toEqual({ status: 200, body: { got: { a: 1 } } });
    expect(await send('{', {}, '/optional')).toEqual(refusal('malformed-json'));
    expect(await send('{}', { 'content-type': 'text/plain' }, '/optional')).toEqual(refusal('unsupported-media-type'));
  });
});
