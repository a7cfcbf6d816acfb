import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { HttpEnvironment } from '../../src/adapters/http/environment.ts';
import { assertIfMatchIsAny, etagOf, ifMatch, isKnownToCaller } from '../../src/adapters/http/v1/etag.ts';
import { IamError } from '../../src/domain/errors.ts';

const resource = { name: 'Acme', size: 3 };
const app = new Hono<HttpEnvironment>()
  .get('/', (c) => (isKnownToCaller(c, resource) ? c.body(null, 304) : c.json(resource)))
  .patch('/', (c) => c.json({ matches: ifMatch(c, (state: typeof resource) => state)?.(resource) ?? 'not asked' }))
  .delete('/', (c) => {
    assertIfMatchIsAny(c);
    return c.body(null, 204);
  })
  .onError((error, c) => c.text(error instanceof IamError ? error.code : 'other', 412));

const etag = etagOf(resource);
const get = (headers: Record<string, string> = {}) => app.request('/', { headers });
const matches = async (wanted: string) =>
  (await app.request('/', { method: 'PATCH', headers: { 'If-Match': wanted } })).json();

describe('an entity tag', () => {
  it('is strong, and the same for the same representation alone', async () => {
    expect((await get()).headers.get('ETag')).toBe(etag);
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(etagOf({ ...resource, size: 4 })).not.toBe(etag);
  });

  it.each([
    ['the tag itself', (tag: string) => tag],
    ['its weak form', (tag: string) => `W/${tag}`],
    ['a list that has it', (tag: string) => `"other", ${tag}`],
    ['anything', () => '*'],
  ])('spares the body of a caller who knows it: %s', async (_, header) => {
    const answer = await get({ 'If-None-Match': header(etag) });
    expect(answer.status).toBe(304);
    expect(answer.headers.get('ETag')).toBe(etag);
    expect(await answer.text()).toBe('');
  });

  it('sends the body to a caller who knows another one', async () => {
    expect((await get({ 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('lets a change through for itself, for a list that has it and for anything', async () => {
    expect(await matches(etag)).toEqual({ matches: true });
    expect(await matches(`"other",${etag}`)).toEqual({ matches: true });
    expect(await matches('*')).toEqual({ matches: true });
  });

  it('stops a change for another tag, a weak one, and a header that holds none', async () => {
    expect(await matches('"other"')).toEqual({ matches: false });
    expect(await matches(`W/${etag}`)).toEqual({ matches: false });
    expect(await matches('nonsense')).toEqual({ matches: false });
  });

  it('asks nothing of a change without If-Match', async () => {
    expect(await (await app.request('/', { method: 'PATCH' })).json()).toEqual({ matches: 'not asked' });
  });

  it('never matches a resource that has none', async () => {
    const remove = (headers: Record<string, string>) => app.request('/', { method: 'DELETE', headers });
    expect(await (await remove({ 'If-Match': etag })).text()).toBe('precondition-failed');
    expect((await remove({ 'If-Match': '*' })).status).toBe(204);
    expect((await remove({})).status).toBe(204);
  });
});
