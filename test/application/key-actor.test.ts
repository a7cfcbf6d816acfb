import { beforeEach, describe, expect, it } from 'vitest';
import { keyActor, OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIam, aProjectOf, aRegisteredUser, at, from, PASSWORD, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';

let test: TestIam;
let project: ProjectState;
beforeEach(async () => {
  test = await anIam();
  project = await aProjectOf(test);
});

async function aKey() {
  const { apiKey } = await test.iam.projects.createApiKey.execute(OPERATOR, {
    projectId: project.id,
    name: 'back end',
    permissions: ['manage'],
  });
  return keyActor(apiKey.id, project, from('192.0.2.77'));
}
const page = { after: undefined, limit: 20 };

describe('a back end with a manage key', () => {
  it('administers the people of its root tenant', async () => {
    const key = await aKey();
    const person = await aRegisteredUser(test, at(project, 'gate'));
    const { users, roles } = test.iam;
    const userId = person.registered.user.id;
    const list = await users.listMembers.execute(key, { includeDeleted: false }, page);
    expect(list.items.map(({ user }) => user.id)).toEqual([userId]);
    const role = await roles.composeRole.execute(key, { name: 'Desk', permissions: ['billing.view'] });
    expect(role.createdBy).toBeNull();
    await users.assignRole.execute(key, { userId, role: 'desk' });
    const checked = await roles.checkPermission.execute(key, { permission: 'billing.view', userId });
    expect(checked).toMatchObject({ allowed: true, matchedBy: { role: 'desk' } });
    await users.updateUser.execute(key, { userId, status: 'disabled' });
    await expect(test.iam.authentication.login.execute(person.visitor, person)).rejects.toMatchObject({
      code: 'account-disabled',
    });
    expect(test.audited('user.disabled', { userId, actorId: key.apiKeyId })).toHaveLength(1);
  });

  it('invites, and the invitation is nobody else’s', async () => {
    const key = await aKey();
    const email = anEmail();
    const { invitation } = await test.iam.users.invitePerson.execute(key, { email, roles: ['admin'] });
    expect(invitation.invitedBy).toBeNull();
    const { token } = await test.mailTo(email, 'invitation');
    const visitor = at(project, 'v1');
    const accepted = await test.iam.invitations.acceptInvitation.execute(visitor, { token, password: PASSWORD });
    expect(accepted.user).toMatchObject({ tenantId: project.rootTenantId, roles: ['admin'] });
  });

  it('invites nobody any more once it is revoked', async () => {
    const key = await aKey();
    const email = anEmail();
    await test.iam.users.invitePerson.execute(key, { email, roles: ['admin'] });
    const { token } = await test.mailTo(email, 'invitation');
    await test.iam.projects.revokeApiKey.execute(OPERATOR, { projectId: project.id, apiKeyId: key.apiKeyId });
    const accepted = test.iam.invitations.acceptInvitation.execute(at(project, 'v1'), { token, password: PASSWORD });
    await expect(accepted).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('holds what a tenant may hold, and nothing of the platform', async () => {
    const key = await aKey();
    const refused = { code: 'reserved-permission' };
    const { composeRole } = test.iam.roles;
    await expect(composeRole.execute(key, { name: 'X', permissions: ['tenants.block'] })).rejects.toMatchObject(
      refused,
    );
    expect(key.permissions.allows('users.impersonate')).toBe(false);
    expect(key.permissions.allows('users.delete')).toBe(true);
  });

  it('sees nobody of another project', async () => {
    const key = await aKey();
    const other = await aProjectOf(test);
    const person = await aRegisteredUser(test, at(other, 'gate'));
    const { readMember, updateUser } = test.iam.users;
    const userId = person.registered.user.id;
    await expect(readMember.execute(key, userId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(updateUser.execute(key, { userId, status: 'disabled' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('commits nothing with a key that was revoked a moment ago', async () => {
    const key = await aKey();
    await test.iam.projects.revokeApiKey.execute(OPERATOR, { projectId: project.id, apiKeyId: key.apiKeyId });
    await expect(test.iam.users.invitePerson.execute(key, { email: anEmail() })).rejects.toMatchObject({
      code: 'token-invalid',
    });
  });

  it('says whose permissions are meant: it has none of its own', async () => {
    const ask = test.iam.roles.checkPermission.execute(await aKey(), { permission: 'users.list' });
    await expect(ask).rejects.toMatchObject({ code: 'validation-error' });
  });
});
