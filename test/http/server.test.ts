import { once } from 'node:events';
import net from 'node:net';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpEnvironment } from '../../src/adapters/http/environment.ts';
import { readJson } from '../../src/adapters/http/middleware/body.ts';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { aGateWorld } from './gate-world.ts';

const HERE = { host: '127.0.0.1', port: 0 };
let server: HttpServer | undefined;
afterEach(() => server?.stop());

/** A connection that is written to by hand. */
function connect({ port }: HttpServer) {
  const socket = net.connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += String(chunk);
  });
  socket.on('error', () => {});
  return {
    socket,
    send: (text: string) => socket.write(text.replaceAll('\n', '\r\n')),
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(received)) await once(socket, 'data');
      return received;
    },
    /** Everything that came, when the other side has closed. */
    async closed(): Promise<string> {
      if (!socket.closed) await once(socket, 'close');
      return received;
    },
  };
}

/** Something that happens once and can be waited for. */
function aSignal() {
  const signal = new EventTarget();
  const given = once(signal, 'given');
  return { given, give: () => signal.dispatchEvent(new Event('given')) };
}

describe('a server that stops', () => {
  it('answers what is under way, says that the connection ends, and takes nothing new', async () => {
    const gate = aSignal();
    const entered = aSignal();
    const world = await aGateWorld({
      http: {
        readiness: {
          async check() {
            entered.give();
            await gate.given;
            return {};
          },
        },
      },
    });
    server = await startHttpServer(world.app, HERE);
    const idle = connect(server);
    idle.send('GET /healthz HTTP/1.1\nHost: x\n\n');
    expect(await idle.until(/"ok"/)).not.toMatch(/connection: close/i);
    const busy = connect(server);
    busy.send('GET /readyz HTTP/1.1\nHost: x\n\n');
    await entered.given;
    const stopped = server.stop();
    await idle.closed();
    gate.give();
    expect(await busy.closed()).toMatch(/^HTTP\/1\.1 200/);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${server.port}/healthz`)).rejects.toThrow();
  });

  it('tells a client that keeps its connection with an answer that it ends, and cuts off no next request', async () => {
    const world = await aGateWorld();
    server = await startHttpServer(world.app, HERE, { idle: 5_000 });
    const client = connect(server);
    client.send('GET /healthz HTTP/1.1\nHost: x\n\n');
    expect(await client.until(/"ok"/)).not.toMatch(/connection: close/i);
    const stopped = server.stop();
    client.send('GET /healthz HTTP/1.1\nHost: x\n\n');
    expect(await client.closed()).toMatch(/connection: close/i);
    await stopped;
  });

  it('first takes for a while whoever still comes, and keeps no connection alive but those that rest', async () => {
    const world = await aGateWorld();
    server = await startHttpServer(world.app, HERE);
    const jwks = `GET /api/v1/pub/${world.project.id}/.well-known/jwks.json HTTP/1.1\nHost: x\n\n`;
    const resting = connect(server);
    resting.send(jwks);
    expect(await resting.until(/"keys"/)).not.toMatch(/connection: close/i);
    const stopped = server.stop(500);
    const late = connect(server);
    late.send(jwks);
    expect(await late.closed()).toMatch(/^HTTP\/1\.1 200[\s\S]*connection: close/i);
    expect(resting.socket.readyState).toBe('open');
    resting.send(jwks);
    expect(await resting.closed()).toMatch(/connection: close/i);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${server.port}/healthz`)).rejects.toThrow();
  });

  it('cuts off at the deadline what does not end by itself', async () => {
    const entered = aSignal();
    const app = new Hono<HttpEnvironment>().get('/', () => {
      entered.give();
      return new Promise<Response>(() => {});
    });
    server = await startHttpServer(app, HERE, { drain: 50 });
    const client = connect(server);
    client.send('GET / HTTP/1.1\nHost: x\n\n');
    await entered.given;
    await server.stop();
    expect(await client.closed()).toBe('');
  });
});

describe('a request that takes its time', () => {
  it('ends with 408, slow headers and slow bodies alike', async () => {
    const app = new Hono<HttpEnvironment>()
      .post('/', async (c) => c.json(await readJson(c)))
      .onError((_, c) => c.body(null, 400));
    server = await startHttpServer(app, HERE, { request: 100 });
    const slowHeaders = connect(server);
    slowHeaders.send('POST / HTTP/1.1\nHost: x\n');
    const slowBody = connect(server);
    slowBody.send('POST / HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 10\n\n{"a"');
    expect(await slowHeaders.closed()).toMatch(/^HTTP\/1\.1 408/);
    expect(await slowBody.closed()).toMatch(/^HTTP\/1\.1 408/);
  });
});

describe('over a real connection', () => {
  it('counts a chunked body, and takes one that fits', async () => {
    const world = await aGateWorld();
    server = await startHttpServer(world.app, HERE);
    const head = `POST /api/v1/gate/${world.project.id}/auth/login HTTP/1.1\nHost: x\nX-API-Key: ${world.key}\nContent-Type: application/json\nTransfer-Encoding: chunked\nConnection: close\n\n`;
    const fits = connect(server);
    fits.send(`${head}2\n{}\n0\n\n`);
    expect(await fits.closed()).toMatch(/^HTTP\/1\.1 422/);
    const long = connect(server);
    long.send(`${head}10001\n"${'x'.repeat(0x10000)}\n`);
    expect(await long.until(/"detail"/)).toMatch(/^HTTP\/1\.1 413/);
  });

  it('has no TRACE, and sends headers once', async () => {
    const world = await aGateWorld();
    server = await startHttpServer(world.app, HERE);
    const trace = connect(server);
    trace.send('TRACE /healthz HTTP/1.1\nHost: x\nX-Secret: 1\nConnection: close\n\n');
    const answer = await trace.closed();
    expect(answer).toMatch(/^HTTP\/1\.1 405/);
    expect(answer).not.toContain('X-Secret');
    const jwks = connect(server);
    jwks.send(`GET /api/v1/pub/${world.project.id}/.well-known/jwks.json HTTP/1.1\nHost: x\nConnection: close\n\n`);
    const [head = '', body = ''] = (await jwks.closed()).split('\r\n\r\n');
    const names = head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(':')[0]?.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(head).toMatch(/cache-control: public, max-age=300/i);
    expect(head).toMatch(/x-content-type-options: nosniff/i);
    expect(JSON.parse(body).keys.length).toBeGreaterThan(0);
  });

  it('sees the peer, and gives way to its neighbour when the port is taken', async () => {
    const world = await aGateWorld({ settings: { ipRules: { deny: ['127.0.0.0/8'] } } });
    server = await startHttpServer(world.app, HERE);
    const url = `http://127.0.0.1:${server.port}/api/v1/pub/${world.project.id}/auth/me`;
    expect((await fetch(url, { headers: { 'x-api-key': world.key } })).status).toBe(403);
    await expect(startHttpServer(world.app, { host: '127.0.0.1', port: server.port })).rejects.toThrow(
      `Something else listens on 127.0.0.1:${server.port}. Stop it, or choose another PORT.`,
    );
  });
});
