import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuditSealer, type AuditSealerParts } from '../../src/adapters/relay/audit-sealer.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';

const started: AuditSealer[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((sealer) => sealer.stop()));
});

/** So many records that wait for a seal, and a sealer in a hurry. */
function aDesk(records: number, given: Partial<AuditSealerParts> = {}) {
  const desk = { records, seals: 0, running: 0, most: 0 };
  const troubles: Trouble[] = [];
  const sealer = new AuditSealer({
    seal: async (limit) => {
      desk.seals += 1;
      desk.running += 1;
      desk.most = Math.max(desk.most, desk.running);
      await new Promise((resolve) => setImmediate(resolve));
      desk.running -= 1;
      const sealed = Math.min(limit, desk.records);
      desk.records -= sealed;
      return sealed;
    },
    report: (trouble) => troubles.push(trouble),
    everyMs: 1,
    ...given,
  });
  started.push(sealer);
  return { desk, troubles, sealer };
}

describe('AuditSealer', () => {
  it('seals all that waits, again and again, one run at a time', async () => {
    const { desk, sealer } = aDesk(1_234);
    sealer.start();
    await vi.waitFor(() => expect(desk.records).toBe(0));
    desk.records = 10;
    await vi.waitFor(() => expect(desk.records).toBe(0));
    expect(desk.most).toBe(1);
  });

  it('comes every second, so that nothing waits for five', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { desk, sealer } = aDesk(0, { everyMs: undefined as never });
      sealer.start();
      vi.advanceTimersByTime(999);
      expect(desk.seals).toBe(0);
      vi.advanceTimersByTime(1);
      expect(desk.seals).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends a run with what is less than a batch', async () => {
    const { desk, sealer } = aDesk(150, { everyMs: 600_000 });
    await sealer.stop();
    expect([desk.records, desk.seals]).toEqual([0, 2]);
  });

  it('reports a seal that fails, and seals again', async () => {
    let broken = true;
    let sealed = 0;
    const { sealer, troubles } = aDesk(0, {
      seal: async () => {
        if (broken) throw new Error('database gone');
        sealed += 1;
        return 0;
      },
    });
    sealer.start();
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toContain('seal-failed'));
    broken = false;
    await vi.waitFor(() => expect(sealed).toBeGreaterThan(0));
  });

  it('leaves nothing unsealed when it stops', async () => {
    const { desk, sealer } = aDesk(0, { everyMs: 600_000 });
    sealer.start();
    desk.records = 250;
    await sealer.stop();
    expect([desk.records, desk.running]).toEqual([0, 0]);
  });
});
