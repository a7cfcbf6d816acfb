import { afterEach, describe, expect, it, vi } from 'vitest';
import { Housekeeper, type HousekeeperParts } from '../../src/adapters/relay/housekeeper.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';
import { SettableClock } from '../support/clock.ts';

const started: Housekeeper[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((housekeeper) => housekeeper.stop()));
});

/** A house with so many rows to sweep, and a housekeeper in a hurry. */
function aHouse(rows: number, given: Partial<HousekeeperParts> = {}) {
  const house = { rows, sweeps: 0, running: 0, most: 0 };
  const troubles: Trouble[] = [];
  const housekeeper = new Housekeeper({
    housekeeping: {
      sweep: async (_now, batchSize) => {
        house.sweeps += 1;
        house.running += 1;
        house.most = Math.max(house.most, house.running);
        await new Promise((resolve) => setImmediate(resolve));
        house.running -= 1;
        const swept = Math.min(batchSize, house.rows);
        house.rows -= swept;
        return swept;
      },
    },
    clock: new SettableClock(),
    report: (trouble) => troubles.push(trouble),
    firstAfterMs: 1,
    everyMs: 1,
    ...given,
  });
  started.push(housekeeper);
  return { house, troubles, housekeeper };
}

describe('Housekeeper', () => {
  it('sweeps in batches until nothing is left, again and again, one run at a time', async () => {
    const { house, housekeeper } = aHouse(1_234);
    housekeeper.start();
    await vi.waitFor(() => expect(house.rows).toBe(0));
    house.rows = 10;
    await vi.waitFor(() => expect(house.rows).toBe(0));
    expect(house.most).toBe(1);
  });

  it('leaves starting up alone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { house, housekeeper } = aHouse(1);
      const { housekeeper: byDefault, house: later } = aHouse(1, { firstAfterMs: 60_000 });
      housekeeper.start();
      byDefault.start();
      vi.advanceTimersByTime(59_000);
      expect([house.sweeps > 0, later.sweeps]).toEqual([true, 0]);
      vi.advanceTimersByTime(1_000);
      expect(later.sweeps).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a sweep that fails, and sweeps again', async () => {
    let broken = true;
    let swept = 0;
    const { housekeeper, troubles } = aHouse(0, {
      housekeeping: {
        sweep: async () => {
          if (broken) throw new Error('database gone');
          swept += 1;
          return 0;
        },
      },
    });
    housekeeper.start();
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toContain('sweep-failed'));
    broken = false;
    await vi.waitFor(() => expect(swept).toBeGreaterThan(0));
  });

  it('stops after the batch under way', async () => {
    const { house, housekeeper } = aHouse(Number.POSITIVE_INFINITY);
    housekeeper.start();
    await vi.waitFor(() => expect(house.sweeps).toBeGreaterThan(0));
    await housekeeper.stop();
    const { sweeps } = house;
    await new Promise((resolve) => setImmediate(resolve));
    expect([house.running, house.sweeps]).toEqual([0, sweeps]);
  });
});
