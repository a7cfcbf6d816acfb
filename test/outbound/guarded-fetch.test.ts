import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type GuardedFetchOptions, guardedFetch } from '../../src/adapters/outbound/guarded-fetch.ts';
import { anHttpServer } from '../support/http-server.ts';

const KIB = 1024;
const GZIP = { 'Content-Encoding': 'gzip' };
const running: AsyncDisposable[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
});

async function serving(listener: RequestListener): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = await anHttpServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  running.push(server);
  return { port: server.port, asked };
}

function dripping(response: ServerResponse): void {
  const drip = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(drip));
}

const leadingTo = (...addresses: string[]) => ({
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});
const unavailable = { code: 'unavailable', details: { retryAfterSeconds: 5 } };
const get = (url: string, options: Partial<GuardedFetchOptions> = {}) =>
  guardedFetch({ allowPrivate: true, ...options })(url, {});

describe('a request to somebody outside', () => {
  it('brings what was said, and back what is answered', async () => {
    const { port } = await serving(async (request, response) => {
      const said = (await request.toArray()).join('');
      response.writeHead(418, { 'X-Said': said, 'X-Method': String(request.method) }).end(request.headers.accept);
    });
    const request = { method: 'POST', body: new URLSearchParams({ a: 'b' }), headers: { accept: 'text/plain' } };
    const answer = await guardedFetch({ allowPrivate: true })(`http://127.0.0.1:${port}/`, request);
    expect([answer.status, answer.headers.get('X-Said'), answer.headers.get('X-Method'), await answer.text()]).toEqual([
      418,
      'a=b',
      'POST',
      'text/plain',
    ]);
  });

  it('answers without a body where there is none', async () => {
    const { port } = await serving((_, response) => response.writeHead(204).end());
    const answer = await get(`http://127.0.0.1:${port}/`);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  it.each([
    '10.0.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    'fd00:ec2::254',
    '8.8.8.8 and 127.0.0.1',
  ])('does not follow a name that leads to %s', async (addresses) => {
    const { port, asked } = await serving((_, response) => response.end());
    const request = get(`https://idp.example:${port}/`, {
      allowPrivate: false,
      ...leadingTo(...addresses.split(' and ')),
    });
    await expect(request).rejects.toMatchObject({
      ...unavailable,
      cause: { cause: { message: 'the name leads inside' } },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    'https://127.0.0.1',
    'https://10.0.0.1:8443',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://2130706433',
    'https://0x7f.1',
    'https://169.254.169.254/latest/meta-data/',
  ])('does not go to %s', async (url) => {
    await expect(get(url, { allowPrivate: false })).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'the address is not public' },
    });
  });

  it('goes to the address that was looked at: a name that means something else a moment later changes nothing', async () => {
    const { port } = await serving((_, response) => response.end('here'));
    const answers = ['127.0.0.1', '127.66.66.66', '127.66.66.66'];
    const resolve = async () => [{ address: answers.shift() ?? '', family: 4 }];
    const answer = await get(`http://rebound.example:${port}/`, { resolve });
    expect([await answer.text(), answers.length]).toEqual(['here', 2]);
  });

  it.each(['http://idp.example/', 'ftp://idp.example/', 'file:///etc/hostname', 'data:text/plain,x', 'no url'])(
    'does not ask %s',
    async (url) => {
      await expect(get(url, { allowPrivate: false, ...leadingTo('8.8.8.8') })).rejects.toMatchObject(unavailable);
    },
  );

  it('does not send credentials of a URL', async () => {
    const { port, asked } = await serving((_, response) => response.end());
    await expect(get(`http://user:secret@127.0.0.1:${port}/`)).rejects.toMatchObject(unavailable);
    expect(asked).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308, 304])('follows no redirect (%i)', async (status) => {
    const { port, asked } = await serving((_, response) => response.writeHead(status, { Location: '/inside' }).end());
    await expect(get(`http://127.0.0.1:${port}/start`)).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'a redirect is not followed' },
    });
    expect(asked).toEqual(['/start']);
  });

  it.each<[string, RequestListener]>([
    ['no answer', () => {}],
    ['no end of the head', (request) => void request.socket.write('HTTP/1.1 200 OK\r\nX-A: ')],
    ['no end of the body', (_, response) => void response.writeHead(200).write('{')],
    ['a slow drip', (_, response) => dripping(response)],
  ])('waits no longer than its deadline for %s', async (_, listener) => {
    const { port } = await serving(listener);
    await expect(get(`http://127.0.0.1:${port}/`, { deadlineMs: 100 })).rejects.toMatchObject({
      ...unavailable,
      cause: { name: 'TimeoutError' },
    });
  });

  it('waits no longer than its deadline for a name', async () => {
    const request = get('https://idp.example/', { deadlineMs: 50, resolve: () => new Promise(() => {}) });
    await expect(request).rejects.toMatchObject(unavailable);
  });

  it.each<[string, RequestListener]>([
    ['of a declared length', (_, response) => void response.end(Buffer.alloc(65 * KIB))],
    [
      'in chunks',
      (_, response) => {
        for (let i = 0; i < 65; i += 1) response.write(Buffer.alloc(KIB));
        response.end();
      },
    ],
    [
      'that is small until it is unpacked',
      (_, response) => void response.writeHead(200, GZIP).end(gzipSync(Buffer.alloc(50 * KIB * KIB))),
    ],
  ])('reads no more than its bound of an answer %s', async (_, listener) => {
    const { port } = await serving(listener);
    await expect(get(`http://127.0.0.1:${port}/`, { maxBytes: 64 * KIB })).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'the answer is too long' },
    });
  });

  it('reads an answer that is exactly as long as its bound', async () => {
    const { port } = await serving((_, response) => response.end(Buffer.alloc(64 * KIB)));
    const answer = await get(`http://127.0.0.1:${port}/`, { maxBytes: 64 * KIB });
    expect((await answer.arrayBuffer()).byteLength).toBe(64 * KIB);
  });

  describe('of which the head is all', () => {
    const head = (port: number) => get(`http://127.0.0.1:${port}/`, { answers: 'head', deadlineMs: 5_000 });

    it.each<[string, RequestListener]>([
      ['is endless', (_, response) => dripping(response)],
      ['never comes', (_, response) => response.flushHeaders()],
      ['is long', (_, response) => void response.end(Buffer.alloc(50 * KIB * KIB))],
      [
        'unpacks to much',
        (_, response) => void response.writeHead(200, GZIP).end(gzipSync(Buffer.alloc(50 * KIB * KIB))),
      ],
      ['cannot be unpacked', (_, response) => void response.writeHead(200, GZIP).end('not gzip')],
    ])('does not wait for a body that %s', async (_, listener) => {
      const { port } = await serving((request, response) => {
        response.setHeader('X-Head', 'read');
        listener(request, response);
      });
      const answer = await head(port);
      expect([answer.status, answer.headers.get('X-Head'), await answer.text()]).toEqual([200, 'read', '']);
    });

    it('lets go of the connection where more would come', async () => {
      const closed = new Promise<void>((resolve) => {
        void serving((_, response) => {
          response.once('close', resolve);
          dripping(response);
        }).then(({ port }) => head(port));
      });
      await expect(closed).resolves.toBeUndefined();
    });

    it('is told of a redirect, and does not follow it', async () => {
      const { port, asked } = await serving((_, response) => response.writeHead(307, { Location: '/inside' }).end());
      expect([(await head(port)).status, asked]).toEqual([307, ['/']]);
    });
  });

  it('is `unavailable` when nobody is there, or somebody who speaks something else', async () => {
    const { port } = await serving((request) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject(unavailable);
    await expect(get('http://127.0.0.1:1/')).rejects.toMatchObject(unavailable);
  });

  it('asks no proxy that the environment names', async () => {
    const proxy = await serving((_, response) => response.end('proxy'));
    const { port } = await serving((_, response) => response.end('direct'));
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: `http://127.0.0.1:${proxy.port}`, NODE_USE_ENV_PROXY: '1' });
    try {
      const answer = await get(`http://127.0.0.1:${port}/`);
      expect([await answer.text(), proxy.asked]).toEqual(['direct', []]);
    } finally {
      for (const name of ['http_proxy', 'NODE_USE_ENV_PROXY']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });
});
