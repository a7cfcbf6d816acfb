import { createSecretKey, randomUUID } from 'node:crypto';
import { createClient, type RedisClientType } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { Permission } from '../../src/domain/role/permission.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { RolesVersion } from '../../src/ports/directories/session-directory.ts';
import type { Watched } from '../../src/ports/session-watch.ts';
import { anId } from '../support/builders.ts';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aConnectedReplica, type Replica, WITHIN_TWO_SECONDS } from './replica.ts';

describeWithRedis('two replicas of one Redis', () => {
  let one: Replica;
  let other: Replica;
  let server: RedisClientType;
  beforeAll(async () => {
    [one, other] = await Promise.all([aConnectedReplica([sharedRedis()]), aConnectedReplica([sharedRedis()])]);
    server = createClient({ url: sharedRedis() });
    await server.connect();
  });
  afterAll(async () => {
    server.destroy();
    await Promise.all([one.close(), other.close()]);
  });

  describe('count requests together', () => {
    const limit = { limit: 5, windowSeconds: 60 };
    let key: string;
    beforeEach(() => {
      key = randomUUID();
    });
    const hit = (replica: Replica) => replica.rateLimiter.hit(key, limit);

    it('and let exactly the limit pass of sixteen at once', async () => {
      const { succeeded } = await sixteenAtOnce((index) => hit(index % 2 === 0 ? one : other));

      expect(succeeded.filter(({ exceeded }) => !exceeded)).toHaveLength(limit.limit);
    });

    it('and see where the other has got to', async () => {
      await hit(one);
      await hit(one);

      expect(await other.rateLimiter.peek(key, limit)).toMatchObject({ remaining: 2 });
      expect(await hit(other)).toMatchObject({ remaining: 2 });
      expect(await hit(one)).toMatchObject({ remaining: 1 });
    });

    it('and do not ask about a window that is used up', async () => {
      for (let request = 0; request < limit.limit; request += 1) await hit(one);

      expect(await hit(one)).toMatchObject({ exceeded: true, remaining: 0 });
      expect(await server.get(`rate:{${key}}`)).toBe(String(limit.limit));
    });

    it('and open no window anew that Redis has forgotten, where it was known', async () => {
      for (let request = 0; request < 4; request += 1) await hit(one);
      await server.del(`rate:{${key}}`);

      expect(await hit(one)).toMatchObject({ remaining: 0, exceeded: false });
      expect(await hit(one)).toMatchObject({ exceeded: true });
    });

    it('and go on when Redis has forgotten the script', async () => {
      await hit(one);
      await server.scriptFlush();

      expect(await hit(other)).toMatchObject({ remaining: 3 });
    });

    it('in a new window when a shorter one is asked for', async () => {
      await hit(one);
      const shorter = { limit: 5, windowSeconds: 10 };

      expect(await one.rateLimiter.hit(key, shorter)).toMatchObject({ remaining: 4, resetSeconds: 10 });
      expect(await other.rateLimiter.hit(key, shorter)).toMatchObject({ remaining: 3 });
    });

    it('and leave nothing behind when the window has ended', async () => {
      await hit(one);

      expect(await server.pTTL(`rate:{${key}}`)).toBeGreaterThan(0);
      expect(await server.pTTL(`rate:{${key}}`)).toBeLessThanOrEqual(60_000);
    });
  });

  describe('know permissions together', () => {
    const version = '0199:1' as RolesVersion;
    const permissions = ['crm.*', 'crm.tickets.close'] as Permission[];
    let tenantId: TenantId;
    let userId: UserId;
    beforeEach(() => {
      tenantId = anId();
      userId = anId();
    });
    const entry = () => server.get(`rbac:{${tenantId}}:{${userId}}`);

    it('whichever has compiled them', async () => {
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();

      expect(await other.permissionCache.find(tenantId, userId, version)).toEqual(permissions);
    });

    it('and nothing of another version', async () => {
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();

      expect(await other.permissionCache.find(tenantId, userId, '0199:2' as RolesVersion)).toBeUndefined();
    });

    it('which travel once to each', async () => {
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();
      await other.permissionCache.find(tenantId, userId, version);
      await server.del(`rbac:{${tenantId}}:{${userId}}`);

      expect(await one.permissionCache.find(tenantId, userId, version)).toEqual(permissions);
      expect(await other.permissionCache.find(tenantId, userId, version)).toEqual(permissions);
    });

    it.each([
      ['of another version', (text: string) => text.replace('0199:1', '0199:2'), '0199:2'],
      ['with more in it', (text: string) => `${text}\n*`, '0199:1'],
      ['without a word of its author', (text: string) => text.slice(text.indexOf('0199')), '0199:1'],
      ['with nothing', () => '', '0199:1'],
      ['with noise', () => 'é'.repeat(100), '0199:1'],
    ])('but none that somebody else has put there: %s', async (_what, forged, wanted) => {
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();
      await server.set(`rbac:{${tenantId}}:{${userId}}`, forged(String(await entry())));

      expect(await other.permissionCache.find(tenantId, userId, wanted as RolesVersion)).toBeUndefined();
    });

    it('but none that were resolved for somebody else', async () => {
      const victim = anId<UserId>();
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();
      await server.set(`rbac:{${tenantId}}:{${victim}}`, String(await entry()));

      expect(await other.permissionCache.find(tenantId, victim, version)).toBeUndefined();
    });

    it('but none of a replica with another key', async () => {
      const key = createSecretKey(Buffer.alloc(32, 'another'));
      await using stranger = await aConnectedReplica([sharedRedis()], { key });
      await stranger.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();

      expect(await other.permissionCache.find(tenantId, userId, version)).toBeUndefined();
    });

    it('but leave lists of thousands to each replica', async () => {
      const many = Array.from({ length: 5_001 }, (_, n) => `crm.thing-${n}` as Permission);
      await one.permissionCache.keep(tenantId, userId, version, many);
      await one.readiness.check();

      expect(await entry()).toBeNull();
      expect(await one.permissionCache.find(tenantId, userId, version)).toEqual(many);
    });

    it('for an hour at most', async () => {
      await one.permissionCache.keep(tenantId, userId, version, permissions);
      await expect.poll(entry).not.toBeNull();

      const seconds = await server.ttl(`rbac:{${tenantId}}:{${userId}}`);
      expect(seconds).toBeGreaterThan(3500);
      expect(seconds).toBeLessThanOrEqual(3600);
    });
  });

  describe('hear each other', () => {
    it.each<[string, Watched]>([
      ['a person', { userId: anId<UserId>() }],
      ['a tenant', { tenantId: anId<TenantId>() }],
      ['a project', { projectId: anId<ProjectId>() }],
    ])('announce %s, within two seconds', async (_what, watched) => {
      await one.sessionWatch.announce(watched);

      await expect.poll(() => other.heard, WITHIN_TWO_SECONDS).toContainEqual(watched);
    });
  });
});
