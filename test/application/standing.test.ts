import { beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import type { UpdateUserInput } from '../../src/application/users/update-user.ts';
import { anIam, type LoggedInUser, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf } from './recovery-person.ts';
import { aMemberOf, anEmployeeOf, anOwner, personOf } from './tenant-people.ts';

let test: TestIam;
let owner: LoggedInUser;
let platform: UserActor;
beforeEach(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  owner = await anOwner(test);
  platform = await thePlatformOwner(test);
});

type Status = UpdateUserInput['status'];

const set = (
  by: UserActor,
  { actor: { userId } }: LoggedInUser,
  status: Status,
  given: Partial<UpdateUserInput> = {},
) => answerOf(test.iam.users.updateUser.execute(by, { userId, status, ...given }));
const statusOf = ({ actor }: LoggedInUser) => personOf(test, actor).status;

describe('an account that the owner of the platform has disabled', () => {
  it('is enabled by nobody else, who leave a trace', async () => {
    const person = await anEmployeeOf(test, owner);
    const admin = await aMemberOf(test, owner.actor.tenantId, ['admin']);
    await set(platform, person, 'disabled');
    for (const by of [owner, admin]) {
      expect(await set(by.actor, person, 'active')).toBe('forbidden');
      expect(await set(by.actor, person, 'active', { firstName: 'Grace' })).toBe('forbidden');
      expect(test.audited('auth.forbidden', { actorId: by.actor.userId })).toMatchObject([
        { metadata: { requiredPermission: 'platform.projects' } },
        { metadata: { requiredPermission: 'platform.projects' } },
      ]);
    }
    expect(statusOf(person)).toBe('disabled');
    expect(await set(platform, person, 'active')).toBe('done');
    expect(statusOf(person)).toBe('active');
  });

  it('stays theirs to enable, whoever disables it besides, before or after', async () => {
    const person = await anEmployeeOf(test, owner);
    await set(owner.actor, person, 'disabled');
    await set(platform, person, 'disabled');
    expect(await set(owner.actor, person, 'active')).toBe('forbidden');
    expect(await set(owner.actor, person, 'disabled')).toBe('done');
    expect(await set(owner.actor, person, 'active')).toBe('forbidden');
  });

  it('stays so when it is removed and restored', async () => {
    const person = await anEmployeeOf(test, owner);
    const { userId } = person.actor;
    await set(platform, person, 'disabled');
    await test.iam.users.deleteUser.execute(owner.actor, { userId });
    await test.iam.users.restoreUser.execute(owner.actor, { userId });
    expect(statusOf(person)).toBe('disabled');
    expect(await set(owner.actor, person, 'active')).toBe('forbidden');
  });

  it('is a tenant’s again once they have enabled it', async () => {
    const person = await anEmployeeOf(test, owner);
    await set(platform, person, 'disabled');
    await set(platform, person, 'active');
    await set(owner.actor, person, 'disabled');
    expect(await set(owner.actor, person, 'active')).toBe('done');
  });

  it('says nothing of who did it', async () => {
    const person = await anEmployeeOf(test, owner);
    const { userId } = person.actor;
    await set(platform, person, 'disabled');
    const shown = await test.iam.users.readMember.execute(owner.actor, userId);
    expect(Object.keys(shown.user)).not.toContain('disabledByPlatform');
  });
});

it('lets a tenant enable whom it has disabled itself', async () => {
  const person = await anEmployeeOf(test, owner);
  await set(owner.actor, person, 'disabled');
  expect(await set(owner.actor, person, 'active')).toBe('done');
  expect(statusOf(person)).toBe('active');
});

describe('what the owner of the platform makes of somebody’s standing', () => {
  it('is asked about the person as they stand, where they say how that is', async () => {
    const root = { ...owner, actor: { ...owner.actor, tenantId: test.platform.rootTenantId } };
    const person = await aMemberOf(test, root.actor.tenantId);
    const seen: unknown[] = [];
    const ifMatch =
      (matches: boolean): UpdateUserInput['ifMatch'] =>
      (current) => {
        seen.push(current.user.id);
        return matches;
      };
    expect(await set(platform, person, 'disabled', { ifMatch: ifMatch(false) })).toBe('precondition-failed');
    expect(statusOf(person)).toBe('active');
    expect(await set(platform, person, 'disabled', { ifMatch: ifMatch(true) })).toBe('done');
    expect(statusOf(person)).toBe('disabled');
    expect(seen).toEqual([person.actor.userId, person.actor.userId]);
  });

  it('is refused where they say how somebody stands whom they do not see', async () => {
    expect(await set(platform, owner, 'disabled', { ifMatch: () => true })).toBe('precondition-failed');
    expect(statusOf(owner)).toBe('active');
  });
});
