import { beforeEach, describe, expect, it } from 'vitest';
import { scoped } from '../../src/adapters/memory/store.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { SigningKeyStage } from '../../src/domain/project/signing-key.ts';
import { actorOf, aLoggedInUser, anIam, aProjectOf, at, type TestIam } from '../support/an-iam.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const DAY = 24 * 60 * 60;
const DAYS = 90 * DAY;

describe('signing keys on schedule', () => {
  let test: TestIam;
  let project: ProjectState;
  beforeEach(async () => {
    test = await anIam();
    await test.iam.projects.updateProject.execute(OPERATOR, {
      id: test.platform.id,
      settings: { signingAlgorithm: 'ES256' },
    });
    project = await aProjectOf(test);
  });

  const run = (limit = 100, iam = test.iam) => iam.projects.rotateDueSigningKeys.execute(limit);
  const ring = async ({ id } = project) => {
    const keys = await test.iam.projects.listSigningKeys.execute(OPERATOR, id);
    return new Map<SigningKeyStage, string>(keys.map(({ stage, kid }) => [stage, kid]));
  };
  const rotations = ({ id: projectId } = project) => test.audited('signing-key.rotated', { projectId });

  it('are followed after 90 days, in every project, as by the command', async () => {
    const before = await ring();
    test.clock.advance(DAYS - 1);
    expect(await run()).toEqual([]);
    expect(await ring()).toEqual(before);

    test.clock.advance(1);
    expect(await run()).toEqual([]);
    const after = await ring();
    expect([after.get('previous'), after.get('current')]).toEqual([before.get('current'), before.get('next')]);
    expect([...after.keys()].sort()).toEqual(['current', 'next', 'previous']);
    expect([...(await ring(test.platform)).keys()].sort()).toEqual(['current', 'next', 'previous']);
  });

  it('are recorded once each, as done by nobody, on schedule', async () => {
    const next = (await ring()).get('next');
    test.clock.advance(DAYS);
    await run();
    await run();
    expect(rotations()).toMatchObject([
      { entityId: next, actorId: null, ip: null, tenantId: project.rootTenantId, metadata: { scheduled: true } },
    ]);
  });

  it('are followed once of sixteen replicas at once: one current and one next key, one record, no complaint', async () => {
    test.clock.advance(DAYS);
    const { succeeded } = await sixteenAtOnce(() => run(100, createIam(test.ports)));
    expect(succeeded.flat()).toEqual([]);
    expect(succeeded).toHaveLength(16);
    const keys = await test.iam.projects.listSigningKeys.execute(OPERATOR, project.id);
    expect(keys.map(({ stage }) => stage).sort()).toEqual(['current', 'next', 'previous']);
    expect(rotations()).toHaveLength(1);
  });

  it('let tokens that were signed before go on', async () => {
    test.clock.advance(DAYS);
    const user = await aLoggedInUser(test, at(project, 'gate'));
    await run();
    await expect(actorOf(test, user.visitor, user.tokens.accessToken)).resolves.toBeDefined();
  });

  it('wait for a next key that is too young, without a complaint', async () => {
    test.clock.advance(DAYS);
    await test.iam.projects.removeSigningKey.execute(OPERATOR, {
      projectId: project.id,
      kid: (await ring()).get('next') ?? '',
    });
    const before = await ring();
    expect(await run()).toEqual([]);
    expect(await ring()).toEqual(before);
    test.clock.advance(300);
    await run();
    expect((await ring()).get('current')).toBe(before.get('next'));
  });

  it('are made where the next one is missing, once of sixteen at once, and follow when it has been seen', async () => {
    const current = (await ring()).get('current');
    test.store.signingKeys.delete(scoped(project.id, (await ring()).get('next') ?? ''));
    test.clock.advance(DAYS);
    await sixteenAtOnce(() => run(100, createIam(test.ports)));
    const keys = await test.iam.projects.listSigningKeys.execute(OPERATOR, project.id);
    expect(keys.map(({ stage }) => stage).sort()).toEqual(['current', 'next']);
    expect((await ring()).get('current')).toBe(current);
    expect(test.audited('signing-key.prepared', { projectId: project.id })).toMatchObject([
      { entityId: (await ring()).get('next'), metadata: { scheduled: true } },
    ]);

    const next = (await ring()).get('next');
    test.clock.advance(300);
    await run();
    expect((await ring()).get('current')).toBe(next);
  });

  it('are made by the command where the next one is missing, which then is too young to follow', async () => {
    test.store.signingKeys.delete(scoped(project.id, (await ring()).get('next') ?? ''));
    const rotate = () => test.iam.projects.rotateSigningKeys.execute(OPERATOR, project.id);
    await expect(rotate()).rejects.toMatchObject({ code: 'rotation-too-soon', details: { retryAfterSeconds: 300 } });
    expect([...(await ring()).keys()].sort()).toEqual(['current', 'next']);
    test.clock.advance(300);
    await expect(rotate()).resolves.toHaveLength(3);
  });

  it('go by the policy of the installation', async () => {
    const weekly = createIam(test.ports, { ...defaultPolicy, signingKeySeconds: 7 * DAY });
    test.clock.advance(7 * DAY);
    await run(100, test.iam);
    expect(rotations()).toHaveLength(0);
    await run(100, weekly);
    expect(rotations()).toHaveLength(1);
  });

  it('are followed in so many projects a run, and no more once it is to stop', async () => {
    const others = [await aProjectOf(test), await aProjectOf(test)];
    const followed = () => [project, test.platform, ...others].flatMap(rotations).length;
    test.clock.advance(DAYS);
    await run(3);
    expect(followed()).toBe(3);
    await test.iam.projects.rotateDueSigningKeys.execute(100, () => false);
    expect(followed()).toBe(3);
    await run(3);
    expect(followed()).toBe(4);
  });

  it('are followed elsewhere when those of one project cannot be, which is told', async () => {
    test.clock.advance(DAYS);
    const { signingKeyFactory } = test.ports;
    const iam = createIam({
      ...test.ports,
      signingKeyFactory: {
        generate: async (id, algorithm) => {
          if (id === project.id) throw new Error('no entropy');
          return signingKeyFactory.generate(id, algorithm);
        },
      },
    });
    expect(await run(100, iam)).toMatchObject([{ projectId: project.id, error: { message: 'no entropy' } }]);
    expect([rotations().length, rotations(test.platform).length]).toEqual([0, 1]);
  });

  it('leave one current key where it is removed at the same time, whoever comes first', async () => {
    for (let round = 0; round < 4; round += 1) {
      test.clock.advance(DAYS);
      const kid = (await ring()).get('current') ?? '';
      const removal = { projectId: project.id, kid };
      const [removed] = await Promise.allSettled([
        test.iam.projects.removeSigningKey.execute(OPERATOR, removal),
        run(100, createIam(test.ports)),
        run(100, createIam(test.ports)),
      ]);
      expect(removed.status).toBe('fulfilled');
      const stages = (await test.iam.projects.listSigningKeys.execute(OPERATOR, project.id)).map(({ stage }) => stage);
      expect(stages.filter((stage) => stage === 'current')).toHaveLength(1);
      expect(stages.filter((stage) => stage === 'next')).toHaveLength(1);
      expect((await ring()).get('current')).not.toBe(kid);
    }
  });

  it('that no token needs any more are in no list, and gone a week later', async () => {
    const kept = () =>
      [...test.store.signingKeys.entries()].filter(([, { projectId }]) => projectId === project.id).length;
    const sweep = () => test.ports.housekeeping.sweep(test.clock.now(), 1_000);
    test.clock.advance(DAYS);
    await run();
    test.clock.advance(DAY - 1);
    expect([...(await ring()).keys()]).toContain('previous');
    test.clock.advance(1);
    expect([...(await ring()).keys()].sort()).toEqual(['current', 'next']);
    await sweep();
    expect(kept()).toBe(3);
    test.clock.advance(7 * DAY);
    await sweep();
    expect(kept()).toBe(2);
  });
});
