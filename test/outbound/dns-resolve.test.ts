import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsResolve } from '../../src/adapters/outbound/dns-resolve.ts';
import type { Resolve } from '../../src/adapters/outbound/guarded-lookup.ts';
import { StandardWebhookSender } from '../../src/adapters/outbound/standard-webhook-sender.ts';
import { SettableClock } from '../support/clock.ts';
import { aNameServer } from '../support/name-server.ts';

let server: Awaited<ReturnType<typeof aNameServer>>;
let resolve: Resolve;
beforeAll(async () => {
  server = await aNameServer({
    'both.example': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    'old.example': ['192.0.2.1'],
    'new.example': ['2001:db8::1'],
    'nobody.example': [],
    'inside.example': ['8.8.8.8', '10.0.0.1'],
    'mapped.example': ['::ffff:7f00:1'],
    'tarpit.example': 'silence',
  });
  resolve = dnsResolve([server.address]);
});
afterAll(() => server[Symbol.asyncDispose]());

const ipv4 = (address: string) => ({ address, family: 4 });
const ipv6 = (address: string) => ({ address, family: 6 });

describe('a name that is looked up', () => {
  it.each([
    ['both.example', [ipv4('192.0.2.1'), ipv4('192.0.2.2'), ipv6('2001:db8::1')]],
    ['old.example', [ipv4('192.0.2.1')]],
    ['new.example', [ipv6('2001:db8::1')]],
  ])('has all its addresses: %s', async (name, addresses) => {
    expect(await resolve(name)).toEqual(addresses);
  });

  it.each(['nobody.example', 'unknown.example', 'localhost', 'not a name', ''])('has none: "%s"', async (name) => {
    await expect(resolve(name)).rejects.toMatchObject({ syscall: 'queryA' });
  });

  it('of which nothing is ever said has none after a while', async () => {
    await expect(resolve('tarpit.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });
});

describe('a webhook to a name', () => {
  const send = (name: string) =>
    new StandardWebhookSender({ allowPrivate: false, clock: new SettableClock(), resolve, deadlineMs: 300 }).send({
      url: `https://${name}/`,
      id: 'an id',
      timestamp: new Date(),
      body: '{}',
      secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`],
    });

  it.each(['inside.example', 'mapped.example'])('with one address inside is not sent (%s)', async (name) => {
    await expect(send(name)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { cause: { message: 'the name leads inside' } },
    });
  });

  it('of which nothing is ever said is not sent, in time', async () => {
    await expect(send('tarpit.example')).rejects.toMatchObject({
      code: 'unavailable',
      cause: { name: 'TimeoutError' },
    });
  });
});
