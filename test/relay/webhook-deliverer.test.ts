import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Trouble } from '../../src/adapters/relay/report.ts';
import { WebhookDeliverer, type WebhookDelivererParts } from '../../src/adapters/relay/webhook-deliverer.ts';
import type { ClaimedDelivery } from '../../src/ports/webhook-deliveries.ts';

const NEVER = 600_000;
const PER_ENDPOINT = 4;
const started: WebhookDeliverer[] = [];
const hanging: (() => void)[] = [];

afterEach(async () => {
  for (const end of hanging.splice(0)) end();
  await Promise.all(started.splice(0).map((deliverer) => deliverer.stop()));
});

type Due = { readonly endpoint: string; readonly event: number };

const claimedOf = ({ endpoint, event }: Due): ClaimedDelivery =>
  ({ endpoint: { id: endpoint }, event: { id: String(event) }, attempt: 1 }) as unknown as ClaimedDelivery;

/** Deliveries that are due, at most four of one endpoint out at once, and a deliverer of them. */
function aDesk(due: Due[], given: Partial<WebhookDelivererParts> = {}) {
  const desk = { due, out: [] as string[], delivered: [] as string[], claims: 0, most: 0 };
  const troubles: Trouble[] = [];
  const deliverer = new WebhookDeliverer({
    claim: async (limit) => {
      desk.claims += 1;
      const claimed: Due[] = [];
      for (const one of [...desk.due]) {
        if (claimed.length === limit) break;
        if (desk.out.filter((endpoint) => endpoint === one.endpoint).length === PER_ENDPOINT) continue;
        desk.due.splice(desk.due.indexOf(one), 1);
        desk.out.push(one.endpoint);
        desk.most = Math.max(desk.most, desk.out.length);
        claimed.push(one);
      }
      return claimed.map(claimedOf);
    },
    deliver: async ({ endpoint, event }) => {
      if (endpoint.id.startsWith('hanging')) await new Promise<void>((resolve) => hanging.push(resolve));
      else await new Promise((resolve) => setImmediate(resolve));
      desk.out.splice(desk.out.indexOf(endpoint.id), 1);
      desk.delivered.push(`${endpoint.id} ${event.id}`);
    },
    report: (trouble) => troubles.push(trouble),
    everyMs: NEVER,
    ...given,
  });
  started.push(deliverer);
  return { desk, troubles, deliverer };
}

const dueTo = (endpoint: string, count: number): Due[] =>
  Array.from({ length: count }, (_, event) => ({ endpoint, event }));

describe('WebhookDeliverer', () => {
  it('delivers all that is due, however much of it goes to one endpoint', async () => {
    const { desk, deliverer } = aDesk([...dueTo('a', 50), ...dueTo('b', 3)]);
    deliverer.start();
    deliverer.nudge();
    await vi.waitFor(() => expect(new Set(desk.delivered).size).toBe(53));
    expect(desk.delivered).toHaveLength(53);
  });

  it('is held up by nobody who hangs', async () => {
    const { desk, deliverer } = aDesk([...dueTo('hanging', 20), ...dueTo('quick', 30)]);
    deliverer.start();
    deliverer.nudge();
    await vi.waitFor(() => expect(desk.delivered).toHaveLength(30));
    expect(desk.delivered.every((delivered) => delivered.startsWith('quick'))).toBe(true);
    expect(desk.out).toEqual(Array(PER_ENDPOINT).fill('hanging'));
  });

  it('makes so many attempts at once, and no more', async () => {
    const due = Array.from({ length: 30 }, (_, event) => ({ endpoint: `hanging ${event}`, event }));
    const { desk, deliverer } = aDesk(due, { concurrency: 10 });
    deliverer.start();
    deliverer.nudge();
    while (desk.delivered.length < 30) {
      await vi.waitFor(() => expect(hanging).toHaveLength(Math.min(10, 30 - desk.delivered.length)));
      for (const end of hanging.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(desk.most).toBe(10);
  });

  it('comes every second for what fell due', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { desk, deliverer } = aDesk([], { everyMs: undefined as never });
      deliverer.start();
      vi.advanceTimersByTime(999);
      expect(desk.claims).toBe(0);
      vi.advanceTimersByTime(1);
      expect(desk.claims).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a claim that fails, and claims again', async () => {
    let claims = 0;
    const { deliverer, troubles } = aDesk([], {
      everyMs: 1,
      claim: async () => {
        claims += 1;
        if (claims === 1) throw new Error('database gone');
        return [];
      },
    });
    deliverer.start();
    await vi.waitFor(() => expect(claims).toBeGreaterThan(1));
    expect(troubles.map(({ what }) => what)).toEqual(['webhook-claim-failed']);
  });

  it('reports an attempt that fails on our side, and goes on with the others', async () => {
    const delivered: string[] = [];
    const { deliverer, troubles } = aDesk([...dueTo('sealed', 1), ...dueTo('quick', 2)], {
      deliver: async ({ endpoint, event }) => {
        if (endpoint.id === 'sealed') throw new Error('cannot be opened');
        delivered.push(event.id);
      },
    });
    deliverer.start();
    deliverer.nudge();
    await vi.waitFor(() => expect(delivered).toEqual(['0', '1']));
    expect(troubles).toEqual([
      {
        what: 'webhook-failed',
        error: new Error('cannot be opened'),
        delivery: { webhookId: 'sealed', eventId: '0', attempt: 1 },
      },
    ]);
  });

  it('waits for what is under way when it stops, and begins nothing else', async () => {
    const { desk, deliverer } = aDesk(dueTo('hanging', 10));
    deliverer.start();
    deliverer.nudge();
    await vi.waitFor(() => expect(hanging).toHaveLength(PER_ENDPOINT));
    let stopped = false;
    const stopping = deliverer.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    for (const end of hanging.splice(0)) end();
    await stopping;
    expect([desk.delivered.length, desk.due.length, desk.out]).toEqual([PER_ENDPOINT, 6, []]);
  });
});
