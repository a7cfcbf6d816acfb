import { randomUUID } from 'node:crypto';
import { createClient, type RedisClientType } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Permission } from '../../src/domain/role/permission.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { RolesVersion } from '../../src/ports/directories/session-directory.ts';
import { anId } from '../support/builders.ts';
import { freePort } from '../support/free-port.ts';
import { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses } from '../support/redis-servers.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { inTime } from './in-time.ts';
import { aConnectedReplica, aReplica, PATIENT, type Replica } from './replica.ts';

const limit = { limit: 5, windowSeconds: 60 };
const version = '0199:1' as RolesVersion;
const permissions = ['crm.tickets.close'] as Permission[];
const tenantId = anId<TenantId>();

describeWithRedisProcesses('a Redis in trouble', () => {
  let server: RedisProcess;
  let replica: Replica;
  let key: string;
  let userId: UserId;
  beforeEach(async () => {
    server = await RedisProcess.start();
    replica = await aConnectedReplica([server.url]);
    key = randomUUID();
    userId = anId();
  });
  afterEach(async () => {
    await replica.close();
    await server.kill();
  });

  const hit = (of = key) => replica.rateLimiter.hit(of, limit);
  const useUp = async () => {
    for (let request = 0; request <= limit.limit; request += 1) await hit();
  };
  const find = (of = userId) => replica.permissionCache.find(tenantId, of, version);
  const keep = (of = userId) => replica.permissionCache.keep(tenantId, of, version, permissions);
  const announce = () => replica.sessionWatch.announce({ userId });
  const ready = () => replica.readiness.check();

  const asAdmin = async (work: (admin: RedisClientType) => Promise<unknown>) => {
    const admin: RedisClientType = createClient({ url: server.url });
    await admin.connect();
    await work(admin);
    admin.destroy();
  };

  const troubles = [
    ['killed', () => server.kill()],
    ['frozen', async () => server.freeze()],
  ] as const;

  describe.each(troubles)('that is %s', (_name, strike) => {
    it('lets exactly the limit pass of sixteen at once', async () => {
      await strike();
      const { succeeded, refused } = await inTime(() => sixteenAtOnce(() => hit()));

      expect(succeeded.filter(({ exceeded }) => !exceeded)).toHaveLength(limit.limit);
      expect(refused).toEqual([]);
    });

    it('gives nobody back what was used up', async () => {
      await useUp();
      await strike();

      expect(await inTime(hit)).toMatchObject({ exceeded: true });
    });

    it('leaves a window where it stands', async () => {
      await hit();
      await hit();
      await hit();
      await strike();

      expect(await inTime(hit)).toMatchObject({ remaining: 1 });
      expect(await inTime(hit)).toMatchObject({ remaining: 0, exceeded: false });
      expect(await inTime(hit)).toMatchObject({ exceeded: true });
    });

    it('keeps no second caller waiting', async () => {
      await strike();
      await hit();

      await inTime(async () => {
        for (let request = 0; request < 100; request += 1) await hit(randomUUID());
      });
    });

    it('knows no permissions but those that this process has seen', async () => {
      await keep();
      await strike();

      expect(await inTime(find)).toEqual(permissions);
      expect(await inTime(() => find(anId()))).toBeUndefined();
      await inTime(() => keep(anId()));
    });

    it('holds up no announcement', async () => {
      await strike();
      await inTime(announce);

      expect(replica.heard).toContainEqual({ userId });
    });

    it('is not ready', async () => {
      await strike();

      expect(await inTime(ready)).toEqual({ cache: 'failing' });
    });

    it('is told to the operator, and not for every request', async () => {
      await strike();
      for (let request = 0; request < 100; request += 1) await hit(randomUUID());

      expect(replica.troubles).toHaveLength(1);
    });

    it('does not keep the process from ending', async () => {
      await strike();
      await hit();
      await announce();

      await inTime(() => replica.close());
    });
  });

  it('is used again when it has been restarted, by everybody', async () => {
    await using other = await aConnectedReplica([server.url]);
    await server.kill();
    expect(await ready()).toEqual({ cache: 'failing' });
    await server.start();
    await Promise.all([replica.connected(), other.connected()]);
    await hit();

    expect(await other.rateLimiter.hit(key, limit)).toMatchObject({ remaining: 3 });
  });

  it('is used again when it has thawed', async () => {
    server.freeze();
    expect(await ready()).toEqual({ cache: 'failing' });
    server.thaw();

    await expect.poll(ready, PATIENT).toEqual({ cache: 'ok' });
  });

  it('opens no window anew by being flushed', async () => {
    await useUp();
    await asAdmin((admin) => admin.flushAll());

    expect(await hit()).toMatchObject({ exceeded: true });
  });

  it.each(['', 'null', '7', '{"planetId":"x"}', '{"userId":7}'])(
    'makes everything be looked at again by what nobody understands: %s',
    async (message) => {
      const before = replica.heard.length;
      await asAdmin((admin) => admin.publish('castellan:session-watch', message));

      await expect.poll(() => replica.heard.slice(before)).toEqual([{ all: true }]);
    },
  );

  it('makes everything be looked at again when announcements get through again', async () => {
    await using other = await aConnectedReplica([server.url]);
    await server.kill();
    const before = other.heard.length;
    await announce();
    await server.start();

    await expect.poll(() => other.heard.slice(before), PATIENT).toContainEqual({ all: true });
  });

  it('makes everything be looked at again when an announcement could not be made', async () => {
    await using other = await aConnectedReplica([server.url]);
    await server.kill();
    await announce();
    await server.start();
    await other.connected();

    // Once because it is connected again, and once because somebody had something to say.
    await expect.poll(() => other.heard.filter((watched) => 'all' in watched).length, PATIENT).toBeGreaterThan(2);
  });

  it('hears announcements again after every restart', async () => {
    await using other = await aConnectedReplica([server.url]);
    for (let restart = 0; restart < 3; restart += 1) {
      const before = [replica, other].map(({ heard }) => heard.length);
      await server.kill();
      await server.start();
      for (const [index, { heard }] of [replica, other].entries()) {
        await expect.poll(() => heard.slice(before[index]), PATIENT).toContainEqual({ all: true });
      }
      const somebody = { userId: anId<UserId>() };
      await replica.sessionWatch.announce(somebody);
      await expect.poll(() => other.heard, PATIENT).toContainEqual(somebody);
    }
  });

  it('need not be there when the service starts', async () => {
    const port = await freePort();
    await using early = aReplica([`redis://127.0.0.1:${port}`]);
    expect(await inTime(() => early.rateLimiter.hit(key, limit))).toMatchObject({ remaining: 4 });
    await using _late = await RedisProcess.start({ port });

    await early.connected();
  });
});
