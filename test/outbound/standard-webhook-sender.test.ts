import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { StandardWebhookSender } from '../../src/adapters/outbound/standard-webhook-sender.ts';
import { SettableClock } from '../support/clock.ts';
import { anUntrustedServer } from '../support/http-server.ts';
import {
  type Answering,
  aWebhookReceiver,
  type ReceivedWebhook,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

const MIB = 1024 * 1024;
const DAY = 24 * 60 * 60;

const aSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const unavailable = { code: 'unavailable' };
const running: AsyncDisposable[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
});

/** Somebody who keeps what is delivered, and says what `answer` says. */
async function aReceiver(answer?: Answering): Promise<WebhookReceiver> {
  const receiver = await aWebhookReceiver(answer);
  running.push(receiver);
  return receiver;
}

type Parts = ConstructorParameters<typeof StandardWebhookSender>[0];

const aSender = (given: Partial<Parts> = {}) =>
  new StandardWebhookSender({ allowPrivate: true, clock: new SettableClock(), ...given });

const aDelivery = (given: { readonly url: string; readonly secrets?: readonly string[] }) => ({
  id: '01981c6e-0000-7000-8000-000000000001',
  timestamp: new Date(),
  body: '{"type":"user.registered","data":{"name":"Zoë"}}',
  secrets: [aSecret()],
  ...given,
});

/** Sends it, and answers what the receiver got. */
async function delivered(secrets: readonly string[]): Promise<ReceivedWebhook> {
  const { url, received } = await aReceiver();
  await aSender().send(aDelivery({ url, secrets }));
  const [only] = received;
  if (only === undefined) throw new Error('nothing was delivered');
  return only;
}

describe('a webhook that is sent', () => {
  it('is a POST of the very body, with the id of the event and the second of the attempt', async () => {
    const { url, received } = await aReceiver();
    const timestamp = new Date();
    const delivery = { ...aDelivery({ url }), timestamp };
    expect(await aSender().send(delivery)).toEqual({ status: 204 });
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/hooks?of=iam',
        body: delivery.body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
          'user-agent': 'castellan',
        },
      },
    ]);
  });

  it('is believed by whoever has the secret', async () => {
    const secret = aSecret();
    const { body, headers } = await delivered([secret]);
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'user.registered', data: { name: 'Zoë' } });
  });

  it('is believed under the new secret and the old one, while both live', async () => {
    const [fresh, former] = [aSecret(), aSecret()];
    const { body, headers } = await delivered([fresh, former]);
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [fresh, former]) expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(aSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it.each<[string, (received: ReceivedWebhook) => Partial<ReceivedWebhook>]>([
    ['another body', ({ body }) => ({ body: body.replace('registered', 'deleted') })],
    ['another id', ({ headers }) => ({ headers: { ...headers, 'webhook-id': 'another' } })],
    [
      'another time',
      ({ headers }) => ({
        headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) },
      }),
    ],
  ])('is not believed with %s', async (_, tampered) => {
    const secret = aSecret();
    const received = await delivered([secret]);
    const { body, headers } = { ...received, ...tampered(received) };
    expect(() => new Webhook(secret).verify(body, headers)).toThrow('No matching signature');
  });

  it('tells nobody a secret', async () => {
    const secrets = [aSecret(), aSecret()];
    const told = JSON.stringify(await delivered(secrets));
    for (const secret of secrets) expect(told).not.toContain(secret.replace('whsec_', ''));
  });
});

describe('where a webhook may be sent', () => {
  it('is said before anything is', () => {
    expect(aSender().faultOf('http://127.0.0.1/')).toBeUndefined();
    expect(aSender({ allowPrivate: false }).faultOf('http://127.0.0.1/')).toBe('must be an https URL');
  });
});

describe('the answer to a webhook', () => {
  it.each([200, 299, 301, 307, 400, 404, 410, 429, 500, 503])('is its status (%i)', async (status) => {
    const { url, received } = await aReceiver((response) => response.writeHead(status, { Location: '/inside' }).end());
    expect(await aSender().send(aDelivery({ url }))).toEqual({ status });
    expect(received.map(({ path }) => path)).toEqual(['/hooks?of=iam']);
  });

  it.each([
    ['120', 120],
    ['0', 0],
    [new Date(Date.UTC(2026, 0, 2)).toUTCString(), DAY],
    [new Date(Date.UTC(2025, 0, 1)).toUTCString(), 0],
  ])('says when to come again: %s', async (given, retryAfterSeconds) => {
    const { url } = await aReceiver((response) => response.writeHead(503, { 'Retry-After': given }).end());
    const clock = new SettableClock(new Date(Date.UTC(2026, 0, 1)));
    expect(await aSender({ clock }).send(aDelivery({ url }))).toEqual({ status: 503, retryAfterSeconds });
  });

  it.each(['', 'soon', '-5', '1e9', '99999999999999999999', 'half past GMT'])(
    'says nothing where it says "%s"',
    async (given) => {
      const { url } = await aReceiver((response) => response.writeHead(429, { 'Retry-After': given }).end());
      expect(await aSender().send(aDelivery({ url }))).toEqual({ status: 429 });
    },
  );

  it.each<[string, Answering]>([
    ['is long', (response) => response.end(Buffer.alloc(20 * MIB))],
    [
      'unpacks to very much',
      (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * MIB))),
    ],
    [
      'drips for ever',
      (response) => {
        const drip = setInterval(() => response.write(' '), 5);
        response.once('close', () => clearInterval(drip));
      },
    ],
    ['never ends', (response) => response.write('{')],
  ])('counts, and costs nothing, where its body %s', async (_, answer) => {
    const { url } = await aReceiver(answer);
    expect(await aSender({ deadlineMs: 10_000 }).send(aDelivery({ url }))).toEqual({ status: 200 });
  });

  it.each<[string, Answering]>([
    ['hangs', () => {}],
    [
      'drips its headers',
      ({ socket }) => {
        socket?.write('HTTP/1.1 200 OK\r\nX-A: ');
        const drip = setInterval(() => socket?.write('a'), 5);
        socket?.once('close', () => clearInterval(drip));
      },
    ],
    ['hangs up', ({ socket }) => socket?.destroy()],
    ['speaks something else', ({ socket }) => socket?.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['sends headers without end', ({ socket }) => socket?.end(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(MIB)}\r\n\r\n`)],
  ])('is none, in time, of a receiver that %s', async (_, answer) => {
    const { url } = await aReceiver(answer);
    await expect(aSender({ deadlineMs: 200 }).send(aDelivery({ url }))).rejects.toMatchObject(unavailable);
  });
});

describe('a webhook to somewhere within', () => {
  const outside = { allowPrivate: false };
  const leadingTo = (address: string) => async () => [{ address, family: address.includes(':') ? 6 : 4 }];

  it.each([
    'https://127.0.0.1',
    'https://10.0.0.1',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[64:ff9b::7f00:1]',
    'https://2130706433',
    'https://0x7f.1',
    'https://017700000001',
  ])('is not sent by address: %s', async (url) => {
    const sent = aSender(outside).send(aDelivery({ url }));
    await expect(sent).rejects.toMatchObject({ ...unavailable, cause: { message: 'the address is not public' } });
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'fd00:ec2::254'])(
    'is not sent by a name that leads to %s',
    async (address) => {
      const { port, received } = await aReceiver();
      const sender = aSender({ ...outside, resolve: leadingTo(address) });
      const sent = sender.send(aDelivery({ url: `https://hooks.example:${port}/` }));
      await expect(sent).rejects.toMatchObject({
        ...unavailable,
        cause: { cause: { message: 'the name leads inside' } },
      });
      expect(received).toEqual([]);
    },
  );

  it('goes to the address that was looked at: a name that means something else a moment later changes nothing', async () => {
    const { port, received } = await aReceiver();
    const answers = ['127.0.0.1', '127.66.66.66', '127.66.66.66'];
    const sender = aSender({ resolve: async () => [{ address: answers.shift() ?? '', family: 4 }] });
    expect(await sender.send(aDelivery({ url: `http://rebound.example:${port}/` }))).toEqual({ status: 204 });
    expect([received.length, answers.length]).toEqual([1, 2]);
  });

  it('is not sent by a redirect', async () => {
    const within = await aReceiver();
    const { url } = await aReceiver((response) => response.writeHead(308, { Location: within.url }).end());
    expect(await aSender().send(aDelivery({ url }))).toEqual({ status: 308 });
    expect(within.received).toEqual([]);
  });

  it.each(['http://hooks.example/', 'ftp://hooks.example/', 'file:///etc/hostname', 'no url'])(
    'is not sent to %s',
    async (url) => {
      const sender = aSender({ ...outside, resolve: leadingTo('8.8.8.8') });
      await expect(sender.send(aDelivery({ url }))).rejects.toMatchObject(unavailable);
    },
  );
});

describe('a webhook over TLS', () => {
  it('is not sent to somebody whose certificate nobody vouches for', async () => {
    let asked = 0;
    const server = await anUntrustedServer((_, response) => {
      asked += 1;
      response.end();
    });
    running.push(server);
    const sent = aSender().send(aDelivery({ url: `https://127.0.0.1:${server.port}/` }));
    await expect(sent).rejects.toMatchObject({
      ...unavailable,
      cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    });
    expect(asked).toBe(0);
  });
});
