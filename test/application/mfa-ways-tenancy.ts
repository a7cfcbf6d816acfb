import { OPERATOR } from '../../src/application/actor.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import type { InvitationId } from '../../src/domain/tenant/invitation.ts';
import { at, PASSWORD } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { anEmail } from '../support/builders.ts';
import type { Person, WaysOf } from './mfa-person.ts';
import { put } from './recovery-person.ts';

const first = { after: undefined, limit: 20 };
const everybody = { includeDeleted: false } as const;

/** Over v1 the person owns where they are, over the Gate they are a member of the root tenant. */
const OWN = { gate: 'forbidden', v1: 'nothing' } as const;

/** What there is to do in a tenant: nothing opens anything but an invitation, and that takes the code. */
export const WAYS_OF_TENANCY = {
  'users.unlockUser': [
    [
      'of the person',
      'nothing',
      (person) => {
        put(person.test, person, { status: 'locked' });
        return person.iam.users.unlockUser.execute(OPERATOR, person.actor);
      },
    ],
    ['by the person', 'forbidden', ({ iam, actor }) => iam.users.unlockUser.execute(actor, actor)],
  ],
  'users.invitePerson': [['by the person', OWN, ({ iam, actor }) => iam.users.invitePerson.execute(actor, someone())]],
  'users.listMembers': [
    ['by the person', OWN, ({ iam, actor }) => iam.users.listMembers.execute(actor, everybody, first)],
  ],
  'users.readMember': [['by the person', OWN, ({ iam, actor }) => iam.users.readMember.execute(actor, actor.userId)]],
  'users.readPermissions': [
    ['by the person', 'nothing', ({ iam, actor }) => iam.users.readPermissions.execute(actor, actor.userId)],
  ],
  'users.updateUser': [
    [
      'of the person',
      OWN,
      ({ iam, actor }) => iam.users.updateUser.execute(actor, { userId: actor.userId, firstName: 'X' }),
    ],
  ],
  'users.deleteUser': [
    [
      'of the person',
      { gate: 'forbidden', v1: 'owner-protected' },
      ({ iam, actor }) => iam.users.deleteUser.execute(actor, actor),
    ],
  ],
  'users.restoreUser': [['of the person', OWN, ({ iam, actor }) => iam.users.restoreUser.execute(actor, actor)]],
  'users.assignRole': [
    [
      'to the person',
      OWN,
      ({ iam, actor }) => iam.users.assignRole.execute(actor, { userId: actor.userId, role: 'admin' }),
    ],
  ],
  'users.unassignRole': [
    [
      'from the person',
      { gate: 'forbidden', v1: 'owner-protected' },
      ({ iam, actor }) => iam.users.unassignRole.execute(actor, { userId: actor.userId, role: 'owner' }),
    ],
  ],
  'invitations.acceptInvitation': [
    ['with the password alone', 'mfa-required', (person) => acceptance(person, { password: person.password })],
    [
      'with password and code',
      'a session',
      async (person) => acceptance(person, { password: person.password, mfaCode: await person.phone.nextCode() }),
    ],
    [
      'in a session of the person',
      'a session',
      async (person) => person.iam.invitations.acceptInvitation.execute(person.actor, { token: await invited(person) }),
    ],
    [
      'in a session of the time before',
      'token-invalid',
      async (person) =>
        person.iam.invitations.acceptInvitation.execute(person.before.actor, { token: await invited(person) }),
    ],
  ],
  'invitations.listInvitations': [
    ['by the person', OWN, ({ iam, actor }) => iam.invitations.listInvitations.execute(actor, first)],
  ],
  'invitations.resendInvitation': [
    [
      'of nobody',
      { gate: 'forbidden', v1: 'not-found' },
      ({ iam, actor }) => iam.invitations.resendInvitation.execute(actor, actor.userId as string as InvitationId),
    ],
  ],
  'invitations.revokeInvitation': [
    [
      'of nobody',
      { gate: 'forbidden', v1: 'not-found' },
      ({ iam, actor }) => iam.invitations.revokeInvitation.execute(actor, actor.userId as string as InvitationId),
    ],
  ],
  'roles.listRoles': [['by the person', OWN, ({ iam, actor }) => iam.roles.listRoles.execute(actor, first)]],
  'roles.readRole': [
    [
      'of nobody',
      { gate: 'forbidden', v1: 'not-found' },
      ({ iam, actor }) => iam.roles.readRole.execute(actor, actor.userId as string as RoleId),
    ],
  ],
  'roles.composeRole': [
    ['by the person', OWN, ({ iam, actor }) => iam.roles.composeRole.execute(actor, { name: 'Desk', permissions: [] })],
  ],
  'roles.updateRole': [
    [
      'of nobody',
      { gate: 'forbidden', v1: 'not-found' },
      ({ iam, actor }) => iam.roles.updateRole.execute(actor, { id: actor.userId as string as RoleId }),
    ],
  ],
  'roles.deleteRole': [
    [
      'of nobody',
      { gate: 'forbidden', v1: 'not-found' },
      ({ iam, actor }) => iam.roles.deleteRole.execute(actor, { id: actor.userId as string as RoleId }),
    ],
  ],
  'roles.listPermissions': [['by the person', OWN, ({ iam, actor }) => iam.roles.listPermissions.execute(actor)]],
  'roles.listModules': [['by the person', 'forbidden', ({ iam, actor }) => iam.roles.listModules.execute(actor)]],
  'roles.installModule': [
    [
      'by the person',
      'forbidden',
      ({ iam, actor }) => iam.roles.installModule.execute(actor, { name: 'crm', permissions: [] }),
    ],
  ],
  'roles.uninstallModule': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.roles.uninstallModule.execute(actor, { name: 'crm' })],
  ],
  'roles.checkPermission': [
    [
      'by the person',
      'nothing',
      ({ iam, actor }) => iam.roles.checkPermission.execute(actor, { permission: 'users.list' }),
    ],
  ],
} as const satisfies WaysOf<'users' | 'invitations' | 'roles'>;

function someone() {
  return { email: anEmail() };
}

/** The token of an invitation to a tenant of somebody else. */
async function invited({ iam, test, project, email }: Person): Promise<string> {
  const host = await someoneWhoMayEnrol(test, at(project, 'v1'), { password: PASSWORD });
  await iam.users.invitePerson.execute(host.actor, { email });
  return (await test.mailTo(email, 'invitation')).token;
}

async function acceptance(
  person: Person,
  shown: { readonly password: string; readonly mfaCode?: string },
): Promise<unknown> {
  const token = await invited(person);
  return person.iam.invitations.acceptInvitation.execute(at(person.project, 'v1'), { token, ...shown });
}
