import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oldestKept } from '../../src/domain/audit/retention.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';
import { secondsAfter } from '../support/clock.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const DAY = 24 * 60 * 60;

/** What is older than records are kept goes, and leaves a chain that still verifies. */
export function describeAuditRetentionContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`audit retention: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 32 * DAY);
    /** The month of `later` begins. */
    const cut = oldestKept(0, later);
    let subject: StoreSubject;
    let trail: Trail;

    beforeEach(async () => {
      subject = await makeSubject();
      trail = await aTrail(subject);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const old = (count: number) => trail.record(count, { timestamp: now });
    const young = (count: number) => trail.record(count, { timestamp: later });
    async function forgetAll(before = cut, limit = 3): Promise<void> {
      for (let gone = 1; gone > 0; ) gone = await subject.auditArchive.forget(before, limit);
    }
    const shown = async () =>
      (await subject.auditDirectory.page([trail.own], {}, { after: undefined, limit: 100 })).items;

    it('keeps everything that is young enough', async () => {
      await young(2);
      await trail.seal();
      await forgetAll();
      expect(await shown()).toHaveLength(2);
      expect(await trail.verified(await trail.exported())).toMatchObject({ chains: [{ after: 0, records: 2 }] });
    });

    it('leaves a chain that begins after what is gone, verifies, and goes on', async () => {
      for (let seals = 0; seals < 5; seals += 1) {
        await old(2);
        await trail.seal();
      }
      const kept = await trail.checkpoint();
      await young(3);
      await trail.seal();
      await forgetAll();

      expect(await shown()).toHaveLength(3);
      const lines = await trail.exported();
      expect(lines.map(({ type }) => type)).toEqual(['beginning', 'seal', 'record', 'record', 'record', 'checkpoint']);
      expect(await trail.verified(lines, [kept])).toMatchObject({
        chains: [{ after: 5, upTo: 6, records: 3, uncovered: [] }],
        faults: [],
      });
      await young(1);
      await trail.seal();
      expect(await trail.verified(await trail.exported(), [kept])).toMatchObject({
        chains: [{ after: 5, upTo: 7, records: 4 }],
        faults: [],
      });
    });

    it('remembers where a chain was of which nothing is left', async () => {
      for (let seals = 0; seals < 2; seals += 1) {
        await old(1);
        await trail.seal();
      }
      const kept = await trail.checkpoint();
      await forgetAll();

      expect(await shown()).toEqual([]);
      expect(await trail.verified(await trail.exported(), [kept])).toMatchObject({
        chains: [{ after: 2, upTo: 2, records: 0 }],
        faults: [],
      });
      await young(1);
      expect(await trail.seal()).toBe(1);
      expect(await trail.verified(await trail.exported(), [kept])).toMatchObject({
        chains: [{ after: 2, upTo: 3, records: 1 }],
        faults: [],
      });
    });

    it('leaves nobody without a record that has no seal yet', async () => {
      await old(1);
      await forgetAll();
      expect(await shown()).toHaveLength(1);
      await trail.seal();
      await forgetAll();
      expect(await shown()).toEqual([]);
    });

    it('says of young records under an old seal that nothing vouches for them any more', async () => {
      await old(1);
      await young(1);
      await trail.seal();
      await young(1);
      await trail.seal();
      const [first] = recordsIn(await trail.exported()).filter(
        ({ timestamp, sealedIn }) => sealedIn === 1 && timestamp === later.toISOString(),
      );
      await forgetAll();

      expect(await shown()).toHaveLength(2);
      expect(await trail.verified(await trail.exported())).toMatchObject({
        chains: [{ after: 1, records: 1, uncovered: [first?.id] }],
        faults: [],
      });
    });

    it('still finds what is edited, removed or inserted', async () => {
      await old(1);
      await trail.seal();
      await young(2);
      await trail.seal();
      await forgetAll();
      const lines = await trail.exported();
      const [victim] = recordsIn(lines);
      const faultsOf = async (changed: readonly unknown[]) => (await trail.verified(changed)).faults;

      const edited = lines.map((line) => (line === victim ? { ...line, action: 'x' } : line));
      expect(await faultsOf(edited)).toMatchObject([{ kind: 'record-edited', id: victim?.id }]);
      const removed = lines.filter((line) => line !== victim);
      expect(await faultsOf(removed)).toMatchObject([{ kind: 'record-removed', id: victim?.id }]);
      expect(await faultsOf(lines.slice(1))).toMatchObject([{ kind: 'seals-removed', seal: 1, until: 1 }]);
    });
  });
}
