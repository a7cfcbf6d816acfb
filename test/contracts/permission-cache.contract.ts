import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Permission } from '../../src/domain/role/permission.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { RolesVersion } from '../../src/ports/directories/session-directory.ts';
import type { PermissionCache } from '../../src/ports/permission-cache.ts';
import { anId } from '../support/builders.ts';
import type { MakeSubject } from './subject.ts';

export interface PermissionCacheSubject {
  readonly permissionCache: PermissionCache;
  dispose(): Promise<void>;
}

/** Permissions by what they follow from. */
export function describePermissionCacheContract(name: string, makeSubject: MakeSubject<PermissionCacheSubject>): void {
  describe(`permission cache: ${name}`, () => {
    const version = '0199:1,019a:7' as RolesVersion;
    const changed = '0199:2,019a:7' as RolesVersion;
    const permissions = ['*', 'crm.*', 'crm.tickets.close', 'crm:read'] as Permission[];
    let subject: PermissionCacheSubject;
    let tenantId: TenantId;
    let userId: UserId;

    beforeEach(async () => {
      subject = await makeSubject();
      tenantId = anId();
      userId = anId();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const find = (of = version) => subject.permissionCache.find(tenantId, userId, of);
    const keep = (of: RolesVersion, names: readonly Permission[]) =>
      subject.permissionCache.keep(tenantId, userId, of, names);

    it('knows nothing of whom it was told nothing', async () => {
      expect(await find()).toBeUndefined();
    });

    it('finds what was kept', async () => {
      await keep(version, permissions);

      expect(await find()).toEqual(permissions);
    });

    it('finds that somebody holds nothing', async () => {
      await keep(version, []);

      expect(await find()).toEqual([]);
    });

    it('finds nothing of another version, before or after', async () => {
      await keep(version, permissions);
      expect(await find(changed)).toBeUndefined();

      await keep(changed, []);
      expect(await find(changed)).toEqual([]);
      expect(await find(version)).toBeUndefined();
    });

    it('keeps people apart, and tenants', async () => {
      await keep(version, permissions);

      expect(await subject.permissionCache.find(tenantId, anId(), version)).toBeUndefined();
      expect(await subject.permissionCache.find(anId(), userId, version)).toBeUndefined();
    });

    it('keeps fifty roles of a thousand permissions', async () => {
      const many = Array.from({ length: 50_000 }, (_, n) => `module-${n % 50}.thing-${n}.do` as Permission);
      await keep(version, many);

      expect(await find()).toEqual(many);
    });
  });
}
