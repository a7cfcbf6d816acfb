import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HmacAttester } from '../../src/adapters/crypto/hmac-attester.ts';
import { type Attests, isAttested, isHeadAttested } from '../../src/domain/audit/attestation.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { StandingChain } from '../../src/ports/audit-archive.ts';
import { keyRing } from '../support/attested.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';
import { anId } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Records under seals: each under one, in one chain a tenant, whoever seals and whoever records meanwhile. */
export function describeAuditArchiveContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`audit archive: ${name}`, () => {
    let subject: StoreSubject;
    let trail: Trail;

    beforeEach(async () => {
      subject = await makeSubject();
      trail = await aTrail(subject);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const sealsIn = (lines: Awaited<ReturnType<Trail['exported']>>) => lines.filter((line) => line.type === 'seal');

    it('has nothing to seal and nothing to export where nothing was recorded', async () => {
      expect(await trail.seal()).toBe(0);
      expect(await trail.exported()).toEqual([]);
      expect(await trail.checkpoint()).toBeUndefined();
    });

    it('keeps a record under its seal as it was given', async () => {
      const detail = { before: { name: 'Ada', deep: [1, null, 1.5, 'é'] }, after: { name: 'Grace' }, metadata: {} };
      const ids = { entityId: 'crm', userId: anId(), actorId: anId(), entityType: 'module' } as const;
      await trail.record(1, { ...detail, ...ids, userAgent: 'curl/8 "π"' });

      expect(await trail.seal()).toBe(1);
      expect(recordsIn(await trail.exported())).toMatchObject([
        {
          ...ids,
          ...trail.own,
          action: 'auth.login.succeeded',
          timestamp: trail.clock.now().toISOString(),
          sealedIn: 1,
          personal: { ...detail, ip: '192.0.2.1', userAgent: 'curl/8 "π"' },
        },
      ]);
    });

    it("keeps with a record and with a seal what attests that they are the service's own", async () => {
      const detail = { before: { '10': 1, '9': [0.1, -0, 1e21], ä: null }, after: {}, metadata: { at: new Date(0) } };
      await trail.record(2, { ...detail, userAgent: 'curl/8 "π"' });
      await trail.seal();
      await trail.record(2, detail);

      const [{ head, records } = expect.fail()] = await subject.auditArchive.unsealed(10);
      const attester = new HmacAttester(keyRing);
      const attests: Attests = (text, attestation) => attester.attests(text, attestation);
      const hash = (value: unknown) => trail.contentDigest.of(value);
      expect(records.map((record) => isAttested(record, { hash, attests }))).toEqual([true, true]);
      expect(isHeadAttested(trail.own, head ?? expect.fail(), attests)).toBe(true);
    });

    it('says where every chain stands, in pages of any size', async () => {
      expect(await subject.auditArchive.heads(undefined, 10)).toEqual([]);
      const other = await aTrail(subject);
      const chains = [trail.own, other.own, { ...trail.own, tenantId: null }, { ...other.own, tenantId: null }];
      for (const round of [1, 2]) {
        for (const { projectId, tenantId } of chains) await trail.record(round, { projectId, tenantId });
        await trail.seal();
      }
      const standing = async (limit: number) => {
        const found: StandingChain[] = [];
        for (let page = await subject.auditArchive.heads(undefined, limit); page.length > 0; ) {
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          page = await subject.auditArchive.heads(page.at(-1)?.chain, limit);
        }
        return found;
      };

      const all = await standing(10);
      expect(all).toHaveLength(chains.length);
      for (const chain of chains) {
        const extent = await subject.auditArchive.extent(chain);
        expect(extent?.head).toMatchObject({ number: 2, count: 3 });
        expect(all).toContainEqual({ chain, head: extent?.head });
      }
      for (const limit of [1, 2, 3, 4]) expect(await standing(limit)).toEqual(all);
    });

    it('takes another attestation of a head that is as it was found, and of no other', async () => {
      await trail.record(1);
      await trail.seal();
      const [found = expect.fail()] = await subject.auditArchive.heads(undefined, 10);
      expect(await subject.auditArchive.attest([{ ...found, attestation: 'anew' }])).toBe(1);
      expect(await subject.auditArchive.attest([{ ...found, attestation: 'too late' }])).toBe(0);
      const [head] = await subject.auditArchive.heads(undefined, 10);
      expect(head).toEqual({ ...found, head: { ...found.head, attestation: 'anew' } });

      const unheardOf = { projectId: anId<ProjectId>(), tenantId: null };
      expect(await subject.auditArchive.attest([{ ...found, chain: unheardOf, attestation: 'anew' }])).toBe(0);
    });

    it('seals what came later later, and never anything twice', async () => {
      await trail.record(3);
      expect([await trail.seal(2), await trail.seal(2), await trail.seal(2)]).toEqual([2, 1, 0]);
      await trail.record(2);
      expect(await trail.seal()).toBe(2);

      const lines = await trail.exported();
      expect(sealsIn(lines).map(({ number, count }) => [number, count])).toEqual([
        [1, 2],
        [2, 3],
        [3, 5],
      ]);
      expect(new Set(recordsIn(lines).map(({ id }) => id)).size).toBe(5);
      expect(await trail.verified(lines)).toMatchObject({ chains: [{ after: 0, upTo: 3, records: 5 }], faults: [] });
    });

    it('has one chain a tenant, and one for what belongs to none', async () => {
      const tenants = [trail.own.tenantId, anId<TenantId>(), null];
      for (const tenantId of [...tenants, ...tenants]) await trail.record(1, { tenantId });
      const elsewhere = await aTrail(subject);
      await elsewhere.record(1, { tenantId: trail.own.tenantId });
      expect(await trail.seal()).toBe(7);

      for (const tenantId of tenants) {
        const lines = await trail.exported({ ...trail.own, tenantId });
        expect(recordsIn(lines).map((line) => [line.projectId, line.tenantId])).toEqual(
          Array(2).fill([trail.own.projectId, tenantId]),
        );
        expect(await trail.verified(lines)).toMatchObject({ chains: [{ tenantId, upTo: 1, records: 2 }], faults: [] });
      }
      expect(recordsIn(await elsewhere.exported({ ...elsewhere.own, tenantId: trail.own.tenantId }))).toHaveLength(1);
    });

    it('makes one chain of what sixteen seal at once', async () => {
      await trail.record(40);
      let sealed = 0;
      for (let rounds = 0; sealed < 40 && rounds < 40; rounds += 1) {
        const { succeeded, refused } = await sixteenAtOnce(() => trail.seal(7));
        expect(refused).toEqual([]);
        sealed += succeeded.reduce((sum, count) => sum + count, 0);
      }

      expect(sealed).toBe(40);
      const lines = await trail.exported();
      expect(sealsIn(lines).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await trail.verified(lines)).toMatchObject({ chains: [{ records: 40 }], faults: [] });
    });

    it('loses nothing of what is recorded while it seals', async () => {
      const writers = Array.from({ length: 8 }, () => trail.record(10));
      let writing = true;
      const written = Promise.all(writers).finally(() => {
        writing = false;
      });
      while (writing) await trail.seal(5);
      await written;
      while ((await trail.seal()) > 0);

      const lines = await trail.exported();
      expect(recordsIn(lines)).toHaveLength(80);
      expect(await trail.verified(lines)).toMatchObject({ chains: [{ records: 80 }], faults: [] });
    });

    it('keeps no seal that does not follow its chain, and nothing of it', async () => {
      await trail.record(1);
      const [waiting] = await subject.auditArchive.unsealed(10);
      await trail.seal();
      await trail.record(1);
      const [later] = await subject.auditArchive.unsealed(10);
      const number = Number(later?.head?.number);

      expect(waiting?.head).toBeUndefined();
      expect(later).toMatchObject({ chain: trail.own, head: { number: 1, count: 1 }, records: [{}] });
      const records = later?.records.map((record) => ({ ...record, sealedIn: 3, salt: '', personalHash: '' })) ?? [];
      const forged = { ...trail.own, previousHash: '', hash: '', count: 9, sealedAt: new Date(), records: [] };
      for (const wrong of [number, number + 2]) {
        const seal = { ...forged, number: wrong };
        expect(await subject.auditArchive.keep([{ seal, records }] as never)).toBe(0);
      }
      expect(await subject.auditArchive.extent(trail.own)).toMatchObject({ head: { number: 1, count: 1 } });
      expect(await trail.seal()).toBe(1);
      expect(await trail.verified(await trail.exported())).toMatchObject({ faults: [] });
    });

    it('is read stretch by stretch, however long it is', async () => {
      for (let seals = 0; seals < 45; seals += 1) {
        await trail.record(1);
        await trail.seal();
      }
      const bounds = { after: undefined, upTo: 45 };
      const first = await subject.auditArchive.stretch(trail.own, bounds);

      expect(first.seals.length).toBeLessThan(45);
      expect(first.records.map(({ sealedIn }) => sealedIn)).toEqual(first.seals.map(({ number }) => number));
      expect((await subject.auditArchive.stretch(trail.own, { ...bounds, upTo: 2 })).seals).toHaveLength(2);
      expect(await trail.verified(await trail.exported())).toMatchObject({ chains: [{ records: 45 }], faults: [] });
    });
  });
}
