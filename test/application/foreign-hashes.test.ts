import { hash as bcrypt } from '@node-rs/bcrypt';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { PasswordHash } from '../../src/domain/user/user.ts';
import {
  anIam,
  aProjectOf,
  at,
  from,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aProtectedUser, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { put, stateOf } from './recovery-person.ts';
import { aMemberOf, anOwner } from './tenant-people.ts';

let test: TestIam;
let project: ProjectState;
let foreign: PasswordHash;
beforeAll(async () => {
  test = await anIam();
  project = await aProjectOf(test, { v1Enabled: true });
  foreign = (await bcrypt(PASSWORD, 4)) as PasswordHash;
});

const gate = (network = '192.0.2.1') => at(project, 'gate', from(network));
const hashOf = (user: LoggedInUser) => stateOf(test, user).passwordHash;
const isOurs = expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);

/** With the hash that somebody else has made of their password. */
function brought<Person extends LoggedInUser>(user: Person): Person {
  put(test, user, { passwordHash: foreign });
  return user;
}

describe('the right password of somebody whose hash came from elsewhere', () => {
  it('brings one of ours at the first sign-in, and nothing afterwards', async () => {
    const user = brought(await someoneWhoMayEnrol(test, gate()));
    await expect(signIn(test, gate(), { ...user, password: OTHER_PASSWORD })).rejects.toMatchObject({
      code: 'invalid-credentials',
    });
    expect(hashOf(user)).toBe(foreign);

    await signIn(test, gate(), user);
    const ours = hashOf(user);
    expect(ours).toEqual(isOurs);
    await signIn(test, gate(), user);
    expect(hashOf(user)).toBe(ours);
  });

  it('lets sixteen in at once, and one of them brings the hash', async () => {
    const user = brought(await someoneWhoMayEnrol(test, gate()));
    const before = stateOf(test, user).sessionEpoch;
    const { refused } = await sixteenAtOnce((index) => signIn(test, gate(`192.0.2.${index % 4}`), user));
    expect(refused).toEqual([]);
    expect(hashOf(user)).toEqual(isOurs);
    expect(stateOf(test, user).sessionEpoch).toBe(before);
    await expect(signIn(test, gate(), user)).resolves.toBeDefined();
  });

  it('brings it before the second factor is asked for over the Gate, and with it over v1', async () => {
    const overGate = brought(await aProtectedUser(test, gate()));
    await test.iam.authentication.login.execute(gate(), overGate);
    expect(hashOf(overGate)).toEqual(isOurs);

    const v1 = at(test.platform, 'v1');
    const overV1 = brought(await aProtectedUser(test, v1));
    const { login } = test.iam.authentication;
    await expect(login.execute(v1, overV1)).rejects.toMatchObject({ code: 'mfa-required' });
    expect(hashOf(overV1)).toBe(foreign);
    await login.execute(v1, { ...overV1, mfaCode: await overV1.phone.nextCode() });
    expect(hashOf(overV1)).toEqual(isOurs);
  });

  it('brings it wherever else it is asked for: to confirm who one is, and to accept an invitation', async () => {
    const v1 = at(test.platform, 'v1');
    const alice = await anOwner(test);
    const signedIn = brought(await aMemberOf(test, alice.actor.tenantId));
    await test.iam.authentication.reauthenticate.execute(signedIn.actor, { password: PASSWORD });
    expect(hashOf(signedIn)).toEqual(isOurs);

    const invited = brought(await anOwner(test));
    await test.iam.users.invitePerson.execute(alice.actor, { email: invited.email });
    const { token } = await test.mailTo(invited.email, 'invitation');
    await test.iam.invitations.acceptInvitation.execute(v1, { token, password: PASSWORD });
    expect(hashOf(invited)).toEqual(isOurs);
  });

  it('ends no session, and is still the password while a sign-in is under way', async () => {
    const user = brought(await someoneWhoMayEnrol(test, gate()));
    const { reauthenticate } = test.iam.authentication;
    const { refused } = await sixteenAtOnce<unknown>((index) =>
      index % 2 === 0
        ? signIn(test, gate(`192.0.2.${2 + index}`), user)
        : reauthenticate.execute(user.actor, { password: PASSWORD }),
    );
    expect(refused).toEqual([]);
    expect(hashOf(user)).toEqual(isOurs);
    await expect(test.iam.account.readProfile.execute(user.actor)).resolves.toMatchObject({
      user: { id: user.actor.userId },
    });
  });
});
