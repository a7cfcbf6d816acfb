import { expect, it } from 'vitest';
import { MemoryPermissionCache } from '../../src/adapters/memory/index.ts';
import type { Permission } from '../../src/domain/role/permission.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { RolesVersion } from '../../src/ports/directories/session-directory.ts';
import { describePermissionCacheContract } from '../contracts/permission-cache.contract.ts';
import { anId } from '../support/builders.ts';

describePermissionCacheContract('memory', async () => ({
  permissionCache: new MemoryPermissionCache(),
  dispose: async () => {},
}));

it('forgets whom it has not been asked about for longest, rather than grow without bound', async () => {
  const cache = new MemoryPermissionCache(1000);
  const version = '1' as RolesVersion;
  const tenantId = anId<TenantId>();
  const [first, second, third] = [anId<UserId>(), anId<UserId>(), anId<UserId>()];
  const names = Array.from({ length: 400 }, (_, n) => `crm.thing-${n}` as Permission);
  const find = (userId: UserId) => cache.find(tenantId, userId, version);

  await cache.keep(tenantId, first, version, names);
  await cache.keep(tenantId, second, version, names);
  await find(first);
  await cache.keep(tenantId, third, version, names);

  expect(await find(first)).toEqual(names);
  expect(await find(second)).toBeUndefined();
  expect(await find(third)).toEqual(names);
});
