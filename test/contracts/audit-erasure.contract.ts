import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';
import { anId } from '../support/builders.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What the trail tells of a person goes; that something happened stays. */
export function describeAuditErasureContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`audit erasure: ${name}`, () => {
    const userId = anId<UserId>();
    const detail = { before: { plan: 'free' }, after: { plan: 'paid' }, userAgent: 'curl' };
    const nothing = { ip: null, userAgent: null };
    let subject: StoreSubject;
    let trail: Trail;

    beforeEach(async () => {
      subject = await makeSubject();
      trail = await aTrail(subject);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const erase = (projectId: ProjectId = trail.own.projectId) => subject.auditArchive.erase(projectId, userId);

    it.each([
      ['what happened to them', { userId, actorId: anId<string>() }],
      ['what they did', { userId: anId<string>(), actorId: userId }],
      ['what nobody else had a part in', { userId, actorId: userId }],
    ])('takes the detail of %s, under a seal or not, once', async (_, who) => {
      await trail.record(2, { ...detail, ...who });
      await trail.seal();
      await trail.record(1, { ...detail, ...who });
      await trail.record(1, { ...detail, ...who, tenantId: anId<TenantId>() });
      await trail.record(1, { ...detail, ...who, tenantId: null });

      expect(await erase()).toBe(5);
      const left = await subject.auditRecords();
      expect(left).toHaveLength(5);
      for (const record of left) {
        expect(record).toMatchObject({ ...who, ...nothing, projectId: trail.own.projectId });
        for (const what of ['before', 'after', 'metadata']) expect(record).not.toHaveProperty(what);
      }
      expect(await erase()).toBe(0);
    });

    it('takes nothing of anybody else, nor of another project', async () => {
      await trail.record(1, { ...detail, userId: anId(), actorId: anId() });
      await trail.record(1, { ...detail, userId: null, actorId: null });
      await trail.record(1, { ...detail, userId });
      const before = await subject.auditRecords();

      expect(await erase(anId())).toBe(0);
      expect(await subject.auditRecords()).toEqual(before);
      expect(await erase()).toBe(1);
      expect((await subject.auditRecords()).slice(0, 2)).toEqual(before.slice(0, 2));
    });

    it('leaves a trail that verifies, whenever it was sealed', async () => {
      await trail.record(2, { ...detail, userId });
      await trail.seal();
      await trail.record(2, { ...detail, userId });
      await trail.record(1, detail);
      await erase();
      await trail.seal();

      const exported = await trail.exported();
      const { chains, faults } = await trail.verified(exported);
      expect(faults).toEqual([]);
      const erased = recordsIn(exported).flatMap(({ id, personal }) => (personal === null ? [id] : []));
      expect(erased).toHaveLength(4);
      expect(chains).toMatchObject([{ records: 5, erased }]);
    });
  });
}
