import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ExchangeNews,
  MasterKeyExchange,
  type MasterKeyExchangeParts,
} from '../../src/adapters/relay/master-key-exchange.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';
import type { MasterKeyNeeds } from '../../src/application/sealing/read-master-key-needs.ts';
import { SettableClock, secondsAfter } from '../support/clock.ts';

const started: MasterKeyExchange[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((exchange) => exchange.stop()));
});

const NOTHING: MasterKeyNeeds = { sealed: 0, auditChains: 0, apiKeys: 0, seconds: 60 };

/** So many boxes, ten at a step, and an exchange in a hurry. */
function aStore(boxes: number, given: Partial<MasterKeyExchangeParts> = {}) {
  const store = { boxes, steps: 0, chains: 1, running: 0, most: 0, needs: NOTHING };
  const troubles: Trouble[] = [];
  const news: ExchangeNews[] = [];
  const clock = new SettableClock();
  const sealing = {
    resealSecrets: {
      execute: async (goesOn: (progress: { resealed: number; of: number }) => Promise<boolean>) => {
        const of = store.boxes;
        store.running += 1;
        store.most = Math.max(store.most, store.running);
        while (store.boxes > 0) {
          store.steps += 1;
          store.boxes -= 10;
          if (!(await goesOn({ resealed: of - store.boxes, of }))) break;
        }
        store.running -= 1;
        return { resealed: of - store.boxes, of, unopened: 0 };
      },
    },
    attestHeadsAnew: {
      execute: async () => {
        store.chains = 0;
        return 1;
      },
    },
    readMasterKeyNeeds: { execute: async () => store.needs },
  } as unknown as MasterKeyExchangeParts['sealing'];
  const exchange = new MasterKeyExchange({
    sealing,
    clock,
    report: (trouble) => troubles.push(trouble),
    tell: (item) => news.push(item),
    firstAfterMs: 1,
    everyMs: 1,
    pauseMs: 1,
    tellEveryMs: 0,
    ...given,
  });
  started.push(exchange);
  return { store, troubles, news, clock, exchange };
}

describe('MasterKeyExchange', () => {
  it('goes through everything step by step, tells how far it is, and then that the key before can go, and when', async () => {
    const { store, news, clock, exchange } = aStore(30);
    exchange.start();
    await vi.waitFor(() => expect(news.at(-1)?.kind).toBe('standing'));
    expect([store.boxes, store.chains]).toEqual([0, 0]);
    expect(news).toEqual([
      { kind: 'progress', resealed: 10, of: 30 },
      { kind: 'progress', resealed: 20, of: 30 },
      { kind: 'progress', resealed: 30, of: 30 },
      { kind: 'progress', resealed: 30, of: 30 },
      { kind: 'standing', unopened: 0, sealed: 0, auditChains: 0, apiKeys: 0, from: secondsAfter(clock.now(), 60) },
    ]);
  });

  it('looks again and again, one run at a time, and tells again only what is another', async () => {
    const { store, news, exchange } = aStore(10, { tellEveryMs: 60_000 });
    exchange.start();
    await vi.waitFor(() => expect(news.map(({ kind }) => kind)).toEqual(['progress', 'standing']));
    for (const told of [3, 4]) {
      store.boxes = 50;
      await vi.waitFor(() => expect(news).toHaveLength(told));
      expect(news.at(-1)).toEqual({ kind: 'progress', resealed: 50, of: 50 });
    }
    store.needs = { ...NOTHING, apiKeys: 2 };
    await vi.waitFor(() => expect(news.at(-1)).toMatchObject({ kind: 'standing', apiKeys: 2 }));
    expect([news.length, store.most]).toEqual([5, 1]);
  });

  it('leaves starting up alone', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { store, exchange } = aStore(10, { firstAfterMs: 10_000 });
      exchange.start();
      vi.advanceTimersByTime(9_999);
      expect(store.steps).toBe(0);
      vi.advanceTimersByTime(1);
      expect(store.steps).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a run that fails, and runs again', async () => {
    let broken = true;
    const resealed = { resealed: 0, of: 0, unopened: 0 };
    const { troubles, news, exchange } = aStore(0, {
      sealing: {
        resealSecrets: { execute: async () => (broken ? Promise.reject(new Error('database gone')) : resealed) },
        attestHeadsAnew: { execute: async () => 0 },
        readMasterKeyNeeds: { execute: async () => NOTHING },
      } as unknown as MasterKeyExchangeParts['sealing'],
    });
    exchange.start();
    await vi.waitFor(() => expect(troubles).not.toEqual([]));
    expect(troubles[0]).toMatchObject({ what: 'exchange-failed', error: { message: 'database gone' } });
    expect(news).toEqual([]);
    broken = false;
    await vi.waitFor(() => expect(news).toHaveLength(1));
  });

  it('stops after the step under way, and concludes nothing', async () => {
    const { store, news, exchange } = aStore(Number.MAX_SAFE_INTEGER, { tellEveryMs: 60_000 });
    exchange.start();
    await vi.waitFor(() => expect(store.steps).toBeGreaterThan(1));
    await exchange.stop();
    const { steps } = store;
    await new Promise((resolve) => setImmediate(resolve));
    expect([store.running, store.steps]).toEqual([0, steps]);
    expect(news.map(({ kind }) => kind)).toEqual(['progress']);
  });
});
