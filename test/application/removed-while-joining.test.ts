import { beforeAll, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import { anIam, at, type LoggedInUser, PASSWORD, signIn, type TestIam } from '../support/an-iam.ts';
import { aTicketFor, Phone } from '../support/authenticator.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { anEmployeeOf, anOwner, personOf } from './tenant-people.ts';

let test: TestIam;
let host: LoggedInUser;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  host = await anOwner(test);
});

/** Answers what the person does at the last moment. */
type Way = (person: LoggedInUser) => Promise<() => Promise<unknown>>;

const gate = () => at(test.platform, 'gate');
const WAYS: readonly (readonly [string, Way])[] = [
  [
    'founds a tenant',
    async ({ actor }) =>
      () =>
        test.iam.tenants.createTenant.execute(actor, { name: 'Elsewhere' }),
  ],
  [
    'accepts an invitation',
    async ({ email, visitor }) => {
      const other = await anOwner(test);
      await test.iam.users.invitePerson.execute(other.actor, { email });
      const { token } = await test.mailTo(email, 'invitation');
      return () => test.iam.invitations.acceptInvitation.execute(visitor, { token, password: PASSWORD });
    },
  ],
  ['signs in over the Gate, to the root tenant', async (person) => () => signIn(test, gate(), person)],
  [
    'signs in there with a code',
    async (person) => {
      const { secret } = await test.iam.mfa.setUpTotp.execute(person.actor, {});
      const phone = new Phone(secret, test.clock);
      await test.iam.mfa.confirmTotp.execute(person.actor, { code: await phone.code() });
      const code = await phone.nextCode();
      const ticket = await aTicketFor(test, gate(), person);
      return () => test.iam.authentication.loginWithTicket.execute(gate(), { ticket, code });
    },
  ],
];

describe('somebody who is removed from their only tenant', () => {
  it.each(WAYS)('keeps the account when, at the last moment, %s', async (_, way) => {
    const person = await anEmployeeOf(test, host);
    const { userId } = person.actor;
    const joins = await way(person);
    const admin = (await signIn(test, host.visitor, host)).actor;
    let joining: Promise<unknown> | undefined;
    const unitOfWork = beforeCommit(test.ports.unitOfWork, async () => {
      joining ??= joins();
      await joining;
    });
    await createIam({ ...test.ports, unitOfWork }).users.deleteUser.execute(admin, { userId });
    expect(personOf(test, person.actor).deletedAt).toBeNull();
    const places = test.store.memberships.ofGroup('user', `${test.platform.id} ${userId}`);
    const left = places.map(({ tenantId, deletedAt }) => [tenantId === admin.tenantId, deletedAt !== null]);
    expect(left.sort()).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
