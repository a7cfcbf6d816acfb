import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditChain } from '../../src/domain/audit/audit-chain.ts';
import type { AuditRecordId } from '../../src/domain/audit/audit-record.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { AuditFilter } from '../../src/ports/directories/audit-directory.ts';
import { anAuditEntry, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** The trail as it is asked for: scope, filters, pages. */
export function describeAuditDirectoryContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`audit directory: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let chain: AuditChain;

    beforeEach(async () => {
      subject = await makeSubject();
      chain = { projectId: anId<ProjectId>(), tenantId: anId<TenantId>() };
    });
    afterEach(async () => {
      await subject.dispose();
    });

    /** One commit each; answers their entity ids. */
    async function recorded(...entries: readonly Partial<AuditEntry>[]): Promise<readonly string[]> {
      const ids: string[] = [];
      for (const given of entries) {
        const entry = anAuditEntry(now, { ...chain, entityId: anId(), ...given });
        await subject.unitOfWork.run(async ({ audit }) => audit.record(entry));
        ids.push(String(entry.entityId));
      }
      return ids;
    }

    const found = async (filter: AuditFilter, chains: readonly AuditChain[] = [chain]) => {
      const { items } = await subject.auditDirectory.page(chains, filter, { after: undefined, limit: 100 });
      return items.map(({ entityId }) => entityId);
    };

    it('tells what was recorded, and nothing of its seal', async () => {
      const entry = anAuditEntry(now, { ...chain, userId: anId(), before: { a: 1 }, metadata: { why: 'because' } });
      await recorded(entry);
      const [unsealed] = await subject.auditArchive.unsealed(1);

      const { items, hasMore } = await subject.auditDirectory.page([chain], {}, { after: undefined, limit: 1 });
      expect(items).toEqual([{ ...entry, id: unsealed?.records[0]?.id, entityId: null, after: null }]);
      expect(hasMore).toBe(false);
    });

    it('is paged, newest first, without a gap or a repetition', async () => {
      const ids = await recorded(...Array.from({ length: 7 }, () => ({})));
      const pages: (readonly (string | null)[])[] = [];
      let after: AuditRecordId | undefined;
      for (let more = true; more; ) {
        const page = await subject.auditDirectory.page([chain], {}, { after, limit: 3 });
        pages.push(page.items.map(({ entityId }) => entityId));
        more = page.hasMore;
        after = page.items.at(-1)?.id;
      }
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(pages.flat()).toEqual(ids.toReversed());
    });

    it('is that of the chains asked for, together, and of no other tenant or project', async () => {
      const elsewhere: AuditChain = { projectId: anId<ProjectId>(), tenantId: chain.tenantId };
      const [own, of, none, , foreign] = await recorded(
        {},
        { tenantId: anId<TenantId>() },
        { tenantId: null },
        {},
        { ...elsewhere },
      );
      const all = await found({}, [chain, { ...chain, tenantId: null }]);

      expect(all).toHaveLength(3);
      expect(all.indexOf(String(none))).toBe(1);
      expect(all).not.toContain(of);
      expect(await found({})).toHaveLength(2);
      expect(await found({})).toContain(own);
      expect(await found({}, [elsewhere])).toEqual([foreign]);
      expect(await found({}, [{ ...elsewhere, tenantId: null }])).toEqual([]);
      const page = await subject.auditDirectory.page(
        [chain, { ...chain, tenantId: null }],
        {},
        { after: undefined, limit: 2 },
      );
      expect([page.items.length, page.hasMore]).toEqual([2, true]);
    });

    it('is filtered by action: exactly, or by everything under a prefix', async () => {
      const [login, logout, role] = await recorded(
        { action: 'auth.login.succeeded' },
        { action: 'auth.logout' },
        { action: 'role.created' },
      );
      expect(await found({ action: 'auth.logout' })).toEqual([logout]);
      expect(await found({ action: 'auth.*' })).toEqual([logout, login]);
      expect(await found({ action: 'auth.login.*' })).toEqual([login]);
      expect(await found({ action: 'role.*' })).toEqual([role]);
      for (const none of ['auth', 'auth.log', 'auth.log.*', 'auth.login', 'AUTH.*', 'rol.*', '%', 'a%.*']) {
        expect(await found({ action: none })).toEqual([]);
      }
    });

    it('is filtered by what it happened to, and by whom', async () => {
      const userId = anId<string>();
      const [first, second, third] = await recorded(
        { entityType: 'session', userId },
        { entityType: 'user', userId },
        { entityType: 'user' },
      );
      expect(await found({ entityType: 'user' })).toEqual([third, second]);
      expect(await found({ userId })).toEqual([second, first]);
      expect(await found({ entityId: String(first) })).toEqual([first]);
      expect(await found({ entityType: 'user', userId, entityId: String(second) })).toEqual([second]);
      expect(await found({ entityType: 'user', userId, entityId: String(first) })).toEqual([]);
      expect(await found({ userId: anId<string>() })).toEqual([]);
    });

    it('is filtered by time: from a moment on, and before another', async () => {
      const at = (seconds: number) => ({ timestamp: secondsAfter(now, seconds) });
      const [first, second, third] = await recorded(at(0), at(60), at(120));
      expect(await found({ from: secondsAfter(now, 60) })).toEqual([third, second]);
      expect(await found({ to: secondsAfter(now, 60) })).toEqual([first]);
      expect(await found({ from: secondsAfter(now, 1), to: secondsAfter(now, 120) })).toEqual([second]);
      expect(await found({ from: secondsAfter(now, 121) })).toEqual([]);
    });
  });
}
