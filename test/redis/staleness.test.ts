import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { actorOf, aLoggedInUser, anIam, aProjectOf, at, type LoggedInUser, type TestIam } from '../support/an-iam.ts';
import { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses } from '../support/redis-servers.ts';
import { aConnectedReplica, type Replica, WITHIN_TWO_SECONDS } from './replica.ts';

describeWithRedisProcesses('a session that has ended at one replica', () => {
  let redis: RedisProcess;
  let one: Replica;
  let other: Replica;
  let test: TestIam;
  let second: Iam;
  let user: LoggedInUser;
  beforeEach(async () => {
    redis = await RedisProcess.start();
    [one, other] = await Promise.all([aConnectedReplica([redis.url]), aConnectedReplica([redis.url])]);
    test = await anIam(() => sharedPorts(one));
    second = createIam({ ...test.ports, ...sharedPorts(other) });
    user = await aLoggedInUser(test, at(await aProjectOf(test), 'gate'));
  });
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    await redis.kill();
  });

  const sharedPorts = ({ rateLimiter, permissionCache, sessionWatch }: Replica) => ({
    rateLimiter,
    permissionCache,
    sessionWatch,
  });
  const seenBySecond = () =>
    actorOf({ iam: second }, user.visitor, user.tokens.accessToken).then(
      () => 'let in',
      (error: { readonly code?: string }) => error.code,
    );
  const signOut = () => test.iam.authentication.logout.execute(user.visitor, user.tokens);

  it('is refused at the other within two seconds', async () => {
    expect(await seenBySecond()).toBe('let in');
    await signOut();

    await expect.poll(seenBySecond, WITHIN_TWO_SECONDS).toBe('token-invalid');
  });

  it.each([
    ['killed', () => redis.kill()],
    ['frozen', async () => redis.freeze()],
  ])('is refused at the other within thirty seconds when Redis is %s', async (_name, strike) => {
    expect(await seenBySecond()).toBe('let in');
    await strike();
    await signOut();
    test.clock.advance(30);

    expect(await seenBySecond()).toBe('token-invalid');
  });

  it('is refused at the other as soon as Redis is back', async () => {
    expect(await seenBySecond()).toBe('let in');
    await redis.kill();
    await signOut();
    await redis.start();

    await expect.poll(seenBySecond, { timeout: 8_000, interval: 20 }).toBe('token-invalid');
  });
});
