import { beforeEach, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIam, aProjectOf, aRegisteredUser, at, from, OWNER_EMAIL, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aHolder, answerOf, aTenantOwnedBy, put, stateOf, WRONG_CODE } from './recovery-person.ts';

const HOURS = 60 * 60;

let test: TestIam;
beforeEach(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

async function guesses(count: number, email: string, project: ProjectState = test.platform): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const visitor = at(project, 'v1', from('203.0.113.9'));
    await answerOf(test.iam.recovery.recover.execute(visitor, { email, recoveryCode: WRONG_CODE }));
  }
}

/** Fifteen wrong codes, with the hours that lie between them. */
async function tooMany(email: string, project?: ProjectState): Promise<void> {
  for (const hours of [1, 1, 0]) {
    await guesses(5, email, project);
    test.clock.advance(hours * HOURS);
  }
}

/** Every mail of the kind: to whom, and in whose name. */
async function told(kind: 'recovery-locked' | 'recovery-closed') {
  await test.relay();
  return test.ports.notifier.messages.filter(({ message }) => message.kind === kind);
}
const toldTo = async (kind: Parameters<typeof told>[0]) => (await told(kind)).map(({ to }) => to).toSorted();

/** Somebody in five tenants: one of their own, two of one other owner, one of an owner out of use, one of nobody. */
async function someoneInTenants() {
  const platform = at(test.platform, 'v1');
  const [user, owner, gone] = [
    await aHolder(test, platform),
    await aHolder(test, platform),
    await aHolder(test, platform),
  ];
  for (const { actor } of [owner, owner, gone]) {
    await aTenantOwnedBy(test, test.platform, actor.userId, [user.actor.userId]);
  }
  put(test, gone, { status: 'disabled' });
  return { user, owner };
}

/** Somebody in the root tenant of the platform, with a role. */
async function someoneAtThePlatform(slug: string) {
  const { id, rootTenantId } = test.platform;
  const { email, registered } = await aRegisteredUser(test, at(test.platform, 'gate'));
  const membership = test.store.memberships.get(`${id} ${rootTenantId} ${registered.user.id}`);
  const roles = [...test.store.roles.entries()].map(([, role]) => role);
  const role = roles.find((candidate) => candidate.tenantId === rootTenantId && candidate.slug === slug);
  if (membership === undefined || role === undefined) throw new Error('no such membership or role');
  test.store.memberships.put({ ...membership, roleIds: [role.id] }, test.store.nextVersion());
  return email;
}

describe('the alarm', () => {
  it('rings at the fifth wrong code: the person and the owners of their tenants are told, each once, and nobody else', async () => {
    await someoneAtThePlatform('admin');
    const { user, owner } = await someoneInTenants();
    await guesses(4, user.email);
    expect(await told('recovery-locked')).toEqual([]);
    await guesses(4, user.email);
    expect(await toldTo('recovery-locked')).toEqual([user.email, owner.email].toSorted());
    for (const { message } of await told('recovery-locked')) {
      expect(message).toEqual({ kind: 'recovery-locked', account: user.email });
    }
  });

  it('rings once more at every further lock, and once of a hundred at once', async () => {
    const user = await aHolder(test, at(test.platform, 'v1'));
    await Promise.all(Array.from({ length: 100 }, () => guesses(1, user.email)));
    expect(await toldTo('recovery-locked')).toEqual([user.email]);
    test.clock.advance(HOURS);
    await guesses(6, user.email);
    expect(await toldTo('recovery-locked')).toEqual([user.email, user.email]);
    expect(await told('recovery-closed')).toEqual([]);
  });

  it('rings at the fifteenth for the owner and the admins of the platform besides, once, and says what is locked', async () => {
    const admin = await someoneAtThePlatform('admin');
    await someoneAtThePlatform('member');
    const { user, owner } = await someoneInTenants();
    await tooMany(user.email);
    await guesses(3, user.email);
    expect(await toldTo('recovery-closed')).toEqual([user.email, owner.email, OWNER_EMAIL, admin].toSorted());
    expect(await toldTo('recovery-locked')).toHaveLength(4);
    const { id: accountProjectId, name: project } = test.platform;
    const who = { account: user.email, accountId: user.actor.userId, accountProjectId, inPlatform: true };
    const message = { kind: 'recovery-closed', ...who, project, accountLocked: true };
    for (const mail of await told('recovery-closed')) expect(mail.message).toEqual(message);
  });

  it('rings in the name of the project for its people, and of the platform for those who answer for it', async () => {
    const project = await aProjectOf(test, { v1Enabled: true, issuerName: 'Observatory & Co' });
    const user = await aHolder(test, at(project, 'v1'));
    await tooMany(user.email, project);
    const { issuerName } = test.platform.settings;
    const of = { account: user.email, accountProjectId: project.id, project: project.name, inPlatform: false };
    const message = expect.objectContaining({ ...of, accountLocked: true });
    expect(await told('recovery-closed')).toEqual([
      { to: user.email, issuerName: 'Observatory & Co', projectId: project.id, message },
      { to: OWNER_EMAIL, issuerName, projectId: undefined, message },
    ]);
  });

  it('tells the owner of the platform once of the own account, and that it can still be signed in to', async () => {
    await tooMany(OWNER_EMAIL);
    expect(await toldTo('recovery-locked')).toEqual([OWNER_EMAIL, OWNER_EMAIL]);
    expect(await told('recovery-closed')).toMatchObject([{ to: OWNER_EMAIL, message: { accountLocked: false } }]);
  });

  it('is heard by nobody where nobody has the address, or the account is out of use', async () => {
    const disabled = await aHolder(test, at(test.platform, 'v1'));
    put(test, disabled, { status: 'disabled' });
    for (const email of [anEmail(), disabled.email]) await tooMany(email);
    expect([...(await told('recovery-locked')), ...(await told('recovery-closed'))]).toEqual([]);
    expect(stateOf(test, disabled).status).toBe('disabled');
    expect(test.audited('user.locked', {})).toEqual([]);
  });
});
