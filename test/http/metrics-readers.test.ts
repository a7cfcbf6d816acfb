import type { HttpBindings } from '@hono/node-server';
import { describe, expect, it } from 'vitest';
import type { HttpDependencies } from '../../src/adapters/http/environment.ts';
import { aGateWorld } from './gate-world.ts';

const METRICS = {
  answered: () => {},
  refused: () => {},
  page: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a_total 1\n' }),
};
const LOCAL = { host: 'localhost:3000' };
const TOKEN = 'a-token-that-prometheus-has';

/** Asks for the metrics, from an address and with headers. */
async function asker(http: Partial<HttpDependencies>) {
  const { app } = await aGateWorld({ http });
  return async (remoteAddress: string, headers: Readonly<Record<string, string>> = {}) => {
    const env = { incoming: { socket: { remoteAddress }, headers } } as unknown as HttpBindings;
    const answer = await app.request('/metrics', { headers }, env);
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('Content-Type') };
  };
}

describe('the page of metrics', () => {
  it('is for this machine alone, unless a token is configured', async () => {
    const ask = await asker({ metrics: METRICS });
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(await ask(address, LOCAL), address).toEqual({
        status: 200,
        text: 'a_total 1\n',
        type: 'text/plain; version=0.0.4',
      });
    }
    for (const address of ['10.1.2.3', '192.168.1.1', 'fd00::7', '192.0.2.1', '8.8.8.8', '2001:db8::1', 'nonsense']) {
      expect((await ask(address, LOCAL)).status, address).toBe(404);
    }
  });

  it('is not there under the name of another machine, which a page in a browser may have given it', async () => {
    const ask = await asker({ metrics: METRICS });
    for (const host of ['castellan.example', 'localhost.example', '127.0.0.1.example', '']) {
      expect((await ask('127.0.0.1', { host })).status, host).toBe(404);
    }
  });

  it('is not there for what came by a proxy, however near that is', async () => {
    const ask = await asker({ metrics: METRICS });
    for (const header of ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip']) {
      expect((await ask('127.0.0.1', { ...LOCAL, [header]: '127.0.0.1' })).status, header).toBe(404);
    }
  });

  it('is for whoever shows the token where one is configured, wherever they are, and for nobody else', async () => {
    const ask = await asker({ metrics: METRICS, metricsToken: TOKEN });
    const shown = { authorization: `Bearer ${TOKEN}` };
    expect((await ask('8.8.8.8', { ...shown, 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
    expect((await ask('127.0.0.1', shown)).status).toBe(200);
    for (const authorization of ['', 'Bearer', 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      expect((await ask('127.0.0.1', { authorization })).status, authorization).toBe(404);
    }
    expect((await ask('127.0.0.1', LOCAL)).status).toBe(404);
  });

  it('is not there where nothing is counted', async () => {
    const ask = await asker({});
    expect((await ask('127.0.0.1', LOCAL)).status).toBe(404);
  });
});
