import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, type UserActor } from '../../src/application/actor.ts';
import { anIam, at, from, type LoggedInUser, signIn, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf } from './recovery-person.ts';
import { aMemberOf, anOwner } from './tenant-people.ts';

let test: TestIam;
let alice: LoggedInUser;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  alice = await anOwner(test);
});

const erase = (
  by: Parameters<typeof test.iam.audit.eraseAuditDetail.execute>[0],
  { actor }: Pick<LoggedInUser, 'actor'>,
) => test.iam.audit.eraseAuditDetail.execute(by, { projectId: actor.projectId, userId: actor.userId });
/** From where they are known to have come. */
const addressesOf = ({ actor: { userId } }: Pick<LoggedInUser, 'actor'>) =>
  test.store
    .auditRecords()
    .filter((record) => record.userId === userId || record.actorId === userId)
    .map(({ ip }) => ip);

describe('erasing what the trail tells of a person', () => {
  it('takes where they came from, and leaves that they were there', async () => {
    const person = await anOwner(test);
    await signIn(test, at(test.platform, 'v1', from('203.0.113.9')), person);
    const before = addressesOf(person);
    expect(before).toContain('203.0.113.9');
    const others = addressesOf(alice);
    const { records } = await erase(await thePlatformOwner(test), person);
    expect(records).toBe(before.length);
    expect(addressesOf(person)).toEqual(before.map(() => null));
    expect(addressesOf(alice)).toEqual(others);
  });

  it.each<[string, () => Promise<UserActor | typeof OPERATOR>]>([
    ['the owner of the platform', () => thePlatformOwner(test)],
    ['whoever runs the process', async () => OPERATOR],
  ])('is recorded, in the root tenant: by %s', async (_, by) => {
    const person = await anOwner(test);
    const actor = await by();
    await erase(actor, person);
    const about = { entityId: person.actor.userId, tenantId: test.platform.rootTenantId };
    const actorId = 'userId' in actor ? actor.userId : null;
    expect(test.audited('audit.erased', about)).toMatchObject([{ actorId, ip: actor.origin.address }]);
  });

  it('is for nobody else, not even in their own tenant or of themselves', async () => {
    const person = await aMemberOf(test, alice.actor.tenantId);
    const before = addressesOf(person);
    for (const { actor } of [alice, person]) expect(await answerOf(erase(actor, person))).toBe('forbidden');
    expect(addressesOf(person).slice(0, before.length)).toEqual(before);
    expect(test.audited('auth.forbidden', { actorId: alice.actor.userId })).not.toEqual([]);
    expect(test.audited('audit.erased', { entityId: person.actor.userId })).toEqual([]);
  });

  it('takes a recent authentication', async () => {
    const by = await thePlatformOwner(test);
    test.clock.advance(301);
    expect(await answerOf(erase(by, alice))).toBe('reauthentication-required');
  });

  it('is nothing where there is no such project, and no such person', async () => {
    const by = await thePlatformOwner(test);
    const { eraseAuditDetail } = test.iam.audit;
    expect(await answerOf(eraseAuditDetail.execute(by, { projectId: anId(), userId: anId() }))).toBe('not-found');
    const { records } = await eraseAuditDetail.execute(by, { projectId: test.platform.id, userId: anId() });
    expect(records).toBe(0);
  });
});
