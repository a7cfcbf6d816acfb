import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BreachedPasswords } from '../../src/adapters/crypto/breached-passwords.ts';
import { CommonPasswords } from '../../src/adapters/crypto/common-passwords.ts';
import { KnownPasswordLists } from '../../src/adapters/crypto/known-password-lists.ts';
import type { IamError } from '../../src/domain/errors.ts';

const common = new CommonPasswords();
const running: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of running.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function rangeServer(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  running.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const suffixOf = (password: string) => sha1(password).slice(5);
const unreachable = 'http://127.0.0.1:1';

describe('the common list', () => {
  it.each([
    'password',
    'PassWord',
    '12345678',
    'qwertyuiop',
    'password123',
    'sunshine1',
    '1qaz2wsx3edc',
    'Qwerty123456',
  ])('has %s', async (password) => {
    expect(await common.has(password)).toBe(true);
  });

  it.each(['password-of-mine', 'xpassword', 'password ', 'correct horse battery staple', 'zG7#qLw0!vTm'])(
    'has not %j: the whole value is compared',
    async (password) => {
      expect(await common.has(password)).toBe(false);
    },
  );

  it('is there for sixteen who ask first at the same time', async () => {
    const fresh = new CommonPasswords();
    const answers = await Promise.all(Array.from({ length: 16 }, () => fresh.has('password123')));
    expect(answers.every(Boolean)).toBe(true);
  });
});

describe('the breach range API', () => {
  it('is told five digits of a hash and asked for padding, and nothing that leads back to the password', async () => {
    const seen: { url: string; padding: string | undefined; all: string }[] = [];
    const url = await rangeServer((request, response) => {
      const all = JSON.stringify([request.url, request.headers]);
      seen.push({ url: request.url ?? '', padding: request.headers['add-padding']?.toString(), all });
      response.end(`${suffixOf('leaked-secret')}:42\r\n`);
    });
    expect(await new BreachedPasswords(url).has('leaked-secret')).toBe(true);
    expect(seen).toMatchObject([{ url: `/range/${sha1('leaked-secret').slice(0, 5)}`, padding: 'true' }]);
    expect(seen[0]?.all).not.toContain('leaked-secret');
    expect(seen[0]?.all.toUpperCase()).not.toContain(suffixOf('leaked-secret'));
  });

  it('is believed line by line: others are not ours, and padding counts for nothing', async () => {
    const url = await rangeServer((_request, response) => {
      response.end(`${suffixOf('somebody else')}:9\r\n${suffixOf('padded')}:0\r\n${suffixOf('last line')}:1`);
    });
    const breached = new BreachedPasswords(url);
    expect(await breached.has('mine alone')).toBe(false);
    expect(await breached.has('padded')).toBe(false);
    expect(await breached.has('last line')).toBe(true);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['an error', (_, response) => response.writeHead(503).end()],
    ['not found', (_, response) => response.writeHead(404).end()],
    ['a redirect', (request, response) => response.writeHead(302, { location: `${request.url}x` }).end()],
    ['silence', () => {}],
    ['half an answer', (_, response) => response.writeHead(200, { 'content-length': 100 }).write('ABC')],
    ['an endless answer', (_, response) => response.end('A'.repeat(600 * 1024))],
    ['a cut line', (_, response) => response.destroy()],
  ])('makes it `unavailable` by %s', async (_name, answer) => {
    const breached = new BreachedPasswords(await rangeServer(answer), 200);
    const refusal: IamError = await breached.has('anything').catch((error) => error);
    expect(refusal).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 5 } });
  });

  it('makes it `unavailable` when nobody is there', async () => {
    await expect(new BreachedPasswords(unreachable).has('anything')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('KnownPasswordLists', () => {
  it('asks nobody outside unless told to', async () => {
    const lists = new KnownPasswordLists(common, new BreachedPasswords(unreachable));
    expect(await lists.look('password123', { breaches: false })).toEqual({ common: true, breached: false });
    await expect(lists.look('password123', { breaches: true })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says of a password what each list says', async () => {
    const url = await rangeServer((_request, response) => response.end(`${suffixOf('my leaked one')}:1`));
    const lists = new KnownPasswordLists(common, new BreachedPasswords(url));
    expect(await lists.look('my leaked one', { breaches: true })).toEqual({ common: false, breached: true });
    expect(await lists.look('password123', { breaches: true })).toEqual({ common: true, breached: false });
  });
});
