import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer } from '../../src/adapters/http/server.ts';
import { aService, type TestService } from './a-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service[Symbol.asyncDispose]());

describe('a body', () => {
  const refused = async (body: string | ReadableStream) => {
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      duplex: 'half',
    };
    const answer = await fetch(`${service.url}/api/v1/auth/login`, init);
    await answer.text();
    return answer.status;
  };

  it('holds no NUL, no half a character, no text that is no UTF-8, and no more than 32 levels', async () => {
    for (const text of ['a\\u0000b', '\\ud800', '\\udc00x']) {
      expect(await refused(`{"email":"${text}","password":"x"}`), text).toBe(400);
      expect(await refused(`{"email":"a@b.test","password":"x","${text}":1}`), text).toBe(400);
    }
    const latin1 = new Blob([Uint8Array.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d])]);
    expect(await refused(latin1.stream())).toBe(400);
    const nested = (levels: number) =>
      `{"email":"a@b.test","password":"x","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(await refused(nested(32))).toBe(400);
    expect(await refused(nested(31))).toBe(401);
  });

  it('has at most 64 KiB, whether or not it says its length', async () => {
    const sized = (bytes: number) => `{"email":"a@b.test","password":"x","a":"${'x'.repeat(bytes - 42)}"}`;
    const chunked = (text: string) => new Blob([text]).stream();
    expect(sized(64 * 1024)).toHaveLength(64 * 1024);
    for (const send of [(text: string) => text, chunked]) {
      expect(await refused(send(sized(64 * 1024)))).toBe(401);
      expect(await refused(send(sized(64 * 1024 + 1)))).toBe(413);
    }
  });
});

describe('a body that does not come to its end', () => {
  it('ends with its connection at the deadline', async () => {
    const server = await startHttpServer(service.app, { host: '127.0.0.1', port: 0 }, { request: 100, drain: 100 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    socket.write('Content-Length: 1000\r\n\r\n{"email":');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|408) /);
    await server.stop();
  });
});
