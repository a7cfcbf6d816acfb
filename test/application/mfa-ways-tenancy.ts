import { OPERATOR } from '../../src/application/actor.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import type { InvitationId } from '../../src/domain/tenant/invitation.ts';
import { actorOf, at } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { anEmail } from '../support/builders.ts';
import { importing } from '../support/import-lines.ts';
import type { Person, WaysOf } from './mfa-person.ts';
import { aTenantOwnedBy, put } from './recovery-person.ts';

const first = { after: undefined, limit: 20 };
const everybody = { includeDeleted: false } as const;

/** What there is to do in a tenant, for a plain member of it: nothing opens anything but an invitation, and that takes the code. */
export const WAYS_OF_TENANCY = {
  'users.importUsers': [
    ['by the person', 'forbidden', ({ iam, actor }) => importing(iam, actor, { projectId: actor.projectId }, [])],
  ],
  'users.exportUsers': [
    [
      'by the person',
      'forbidden',
      ({ iam, actor }) => iam.users.exportUsers.execute(actor, { projectId: actor.projectId, withSecrets: true }),
    ],
  ],
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
  'users.findAccount': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.users.findAccount.execute(actor, actor)],
  ],
  'users.invitePerson': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.users.invitePerson.execute(actor, someone())],
  ],
  'users.listMembers': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.users.listMembers.execute(actor, everybody, first)],
  ],
  'users.readMember': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.users.readMember.execute(actor, actor.userId)],
  ],
  'users.readPermissions': [
    ['by the person', 'nothing', ({ iam, actor }) => iam.users.readPermissions.execute(actor, actor.userId)],
  ],
  'users.updateUser': [
    [
      'of the person',
      'forbidden',
      ({ iam, actor }) => iam.users.updateUser.execute(actor, { userId: actor.userId, firstName: 'X' }),
    ],
  ],
  'users.deleteUser': [['of the person', 'forbidden', ({ iam, actor }) => iam.users.deleteUser.execute(actor, actor)]],
  'users.restoreUser': [
    ['of the person', 'forbidden', ({ iam, actor }) => iam.users.restoreUser.execute(actor, actor)],
  ],
  'users.assignRole': [
    [
      'to the person',
      'forbidden',
      ({ iam, actor }) => iam.users.assignRole.execute(actor, { userId: actor.userId, role: 'admin' }),
    ],
  ],
  'users.unassignRole': [
    [
      'from the person',
      'forbidden',
      ({ iam, actor }) => iam.users.unassignRole.execute(actor, { userId: actor.userId, role: 'owner' }),
    ],
  ],
  'invitations.acceptInvitation': [
    ['with the password alone', { v1: 'mfa-required' }, (person) => acceptance(person, { password: person.password })],
    [
      'with password and code',
      { v1: 'a session' },
      async (person) => acceptance(person, { password: person.password, mfaCode: await person.phone.nextCode() }),
    ],
    [
      'in a session of the person',
      { v1: 'a session' },
      async (person) => person.iam.invitations.acceptInvitation.execute(person.actor, { token: await invited(person) }),
    ],
    [
      'in a session of the time before',
      { v1: 'token-invalid' },
      async (person) =>
        person.iam.invitations.acceptInvitation.execute(person.before.actor, { token: await invited(person) }),
    ],
  ],
  'invitations.listInvitations': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.invitations.listInvitations.execute(actor, first)],
  ],
  'invitations.resendInvitation': [
    [
      'of nobody',
      'forbidden',
      ({ iam, actor }) => iam.invitations.resendInvitation.execute(actor, actor.userId as string as InvitationId),
    ],
  ],
  'invitations.revokeInvitation': [
    [
      'of nobody',
      'forbidden',
      ({ iam, actor }) => iam.invitations.revokeInvitation.execute(actor, actor.userId as string as InvitationId),
    ],
  ],
  'roles.listRoles': [['by the person', 'forbidden', ({ iam, actor }) => iam.roles.listRoles.execute(actor, first)]],
  'roles.readRole': [
    ['of nobody', 'forbidden', ({ iam, actor }) => iam.roles.readRole.execute(actor, actor.userId as string as RoleId)],
  ],
  'roles.composeRole': [
    [
      'by the person',
      'forbidden',
      ({ iam, actor }) => iam.roles.composeRole.execute(actor, { name: 'Desk', permissions: [] }),
    ],
  ],
  'roles.updateRole': [
    [
      'of nobody',
      'forbidden',
      ({ iam, actor }) => iam.roles.updateRole.execute(actor, { id: actor.userId as string as RoleId }),
    ],
  ],
  'roles.deleteRole': [
    [
      'of nobody',
      'forbidden',
      ({ iam, actor }) => iam.roles.deleteRole.execute(actor, { id: actor.userId as string as RoleId }),
    ],
  ],
  'roles.listPermissions': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.roles.listPermissions.execute(actor)],
  ],
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
  'audit.readAuditRecords': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.audit.readAuditRecords.execute(actor, {}, first)],
  ],
  'audit.exportAudit': [['by the person', 'forbidden', ({ iam, actor }) => iam.audit.exportAudit.execute(actor)]],
  'audit.eraseAuditDetail': [
    [
      'by the person',
      'forbidden',
      ({ iam, actor }) =>
        iam.audit.eraseAuditDetail.execute(actor, { projectId: actor.projectId, userId: actor.userId }),
    ],
  ],
  'audit.signAuditCheckpoints': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.audit.signAuditCheckpoints.execute(actor)],
  ],
  'audit.sealAuditRecords': [['as it is', 'nothing', ({ iam }) => iam.audit.sealAuditRecords.execute(1000)]],
  'audit.closeImpersonations': [['as it is', 'nothing', ({ iam }) => iam.audit.closeImpersonations.execute()]],
  'audit.forgetAuditRecords': [['as it is', 'nothing', ({ iam }) => iam.audit.forgetAuditRecords.execute(1000)]],
} as const satisfies WaysOf<'users' | 'invitations' | 'roles' | 'audit'>;

function someone() {
  return { email: anEmail() };
}

/** The token of an invitation to a tenant of somebody else. */
async function invited({ iam, test, project, email }: Person): Promise<string> {
  const visitor = at(project, 'v1');
  const host = await someoneWhoMayEnrol(test, visitor);
  const tenantId = await aTenantOwnedBy(test, project, host.actor.userId, []);
  const { accessToken } = await iam.authentication.switchTenant.execute(host.actor, { tenantId });
  await iam.users.invitePerson.execute(await actorOf(test, visitor, accessToken), { email });
  return (await test.mailTo(email, 'invitation')).token;
}

async function acceptance(
  person: Person,
  shown: { readonly password: string; readonly mfaCode?: string },
): Promise<unknown> {
  const token = await invited(person);
  return person.iam.invitations.acceptInvitation.execute(at(person.project, 'v1'), { token, ...shown });
}
