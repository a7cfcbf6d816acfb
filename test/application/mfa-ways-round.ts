import { OPERATOR } from '../../src/application/actor.ts';
import { aProjectOf, at, OTHER_PASSWORD, OWNER_EMAIL, PASSWORD } from '../support/an-iam.ts';
import type { Person, WaysOf } from './mfa-person.ts';

const DAYS = 24 * 60 * 60;
const first = { after: undefined, limit: 20 };

/** Whatever else there is to do: nothing of it opens anything. */
export const WAYS_ROUND = {
  'account.changePassword': [
    [
      'of the person',
      'nothing',
      ({ iam, actor, password }) =>
        iam.account.changePassword.execute(actor, { currentPassword: password, newPassword: OTHER_PASSWORD }),
    ],
    [
      'in a session of the time before',
      'token-invalid',
      ({ iam, before, password }) =>
        iam.account.changePassword.execute(before.actor, {
          currentPassword: password,
          newPassword: OTHER_PASSWORD,
        }),
    ],
  ],
  'account.endOtherSessions': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.account.endOtherSessions.execute(actor)],
    [
      'in a session of the time before',
      'token-invalid',
      ({ iam, before }) => iam.account.endOtherSessions.execute(before.actor),
    ],
  ],
  'account.endSession': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.account.endSession.execute(actor, actor.sessionId)],
  ],
  'account.listSessions': [['of the person', 'nothing', ({ iam, actor }) => iam.account.listSessions.execute(actor)]],
  'account.readProfile': [['of the person', 'nothing', ({ iam, actor }) => iam.account.readProfile.execute(actor)]],
  'account.updateProfile': [
    [
      'of the person',
      'nothing',
      ({ iam, actor, email }) => iam.account.updateProfile.execute(actor, { email: `new-${email}` }),
    ],
  ],
  'account.verifyEmailByCode': [
    [
      'of the person',
      { gate: 'nothing' },
      async ({ iam, test, visitor, email }) => {
        await iam.account.resendVerification.execute(visitor, { email });
        const { otp } = await test.mailTo(email, 'verify-email-otp');
        return iam.account.verifyEmailByCode.execute(visitor, { email, otp });
      },
    ],
  ],
  'account.verifyEmailByLink': [
    [
      'of a new address',
      'nothing',
      async ({ iam, test, visitor, actor, email }) => {
        await iam.account.updateProfile.execute(actor, { email: `new-${email}` });
        const mail = await test.mailTo(`new-${email}`, 'email-change-link');
        return iam.account.verifyEmailByLink.execute(visitor, mail);
      },
    ],
  ],
  'account.requestVerification': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.account.requestVerification.execute(actor)],
  ],
  'account.resendVerification': [
    [
      'of the person',
      'nothing',
      ({ iam, visitor, email }) => iam.account.resendVerification.execute(visitor, { email }),
    ],
  ],
  'account.requestPasswordReset': [
    [
      'of the person',
      'nothing',
      ({ iam, visitor, email }) => iam.account.requestPasswordReset.execute(visitor, { email }),
    ],
  ],
  'account.resetPasswordByCode': [
    [
      'of the person',
      'nothing',
      async ({ iam, test, project, visitor, email }) => {
        await iam.account.requestPasswordReset.execute(at(project, 'gate'), { email });
        const { otp } = await test.mailTo(email, 'reset-password-otp');
        return iam.account.resetPasswordByCode.execute(visitor, { email, otp, newPassword: OTHER_PASSWORD });
      },
    ],
  ],
  'account.resetPasswordByLink': [
    [
      'of the person',
      { v1: 'nothing' },
      async ({ iam, test, visitor, email }) => {
        await iam.account.requestPasswordReset.execute(visitor, { email });
        const { token } = await test.mailTo(email, 'reset-password-link');
        return iam.account.resetPasswordByLink.execute(visitor, { token, newPassword: OTHER_PASSWORD });
      },
    ],
  ],
  'account.disown': [
    ['of the person', 'token-invalid', ({ iam, visitor }) => iam.account.disown.execute(visitor, { token: 'none' })],
  ],
  'tenants.createTenant': [
    ['of the person', 'forbidden', ({ iam, actor }) => iam.tenants.createTenant.execute(actor, { name: 'x' })],
  ],
  'tenants.readTenant': [
    ['of the person', 'forbidden', ({ iam, actor }) => iam.tenants.readTenant.execute(actor, actor.tenantId)],
  ],
  'tenants.updateTenant': [
    [
      'of the person',
      'forbidden',
      ({ iam, actor }) => iam.tenants.updateTenant.execute(actor, { id: actor.tenantId, name: 'x' }),
    ],
  ],
  'tenants.listTenants': [
    ['of the project', 'forbidden', ({ iam, actor }) => iam.tenants.listTenants.execute(actor, first)],
  ],
  'tenants.blockTenant': [
    ['of the person', 'forbidden', ({ iam, actor }) => iam.tenants.blockTenant.execute(actor, actor.tenantId)],
  ],
  'tenants.unblockTenant': [
    ['of the person', 'forbidden', ({ iam, actor }) => iam.tenants.unblockTenant.execute(actor, actor.tenantId)],
  ],
  'tenants.offerTransfer': [
    [
      'to oneself',
      'forbidden',
      ({ iam, actor, password }) =>
        iam.tenants.offerTransfer.execute(actor, { ...actor, newOwnerId: actor.userId, password }),
    ],
  ],
  'tenants.acceptTransfer': [
    ['of the person', 'not-found', ({ iam, actor }) => iam.tenants.acceptTransfer.execute(actor, actor.tenantId)],
  ],
  'tenants.cancelTransfer': [
    ['of the person', 'not-found', ({ iam, actor }) => iam.tenants.cancelTransfer.execute(actor, actor.tenantId)],
  ],
  'tenants.listOwnTenants': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.tenants.listOwnTenants.execute(actor)],
  ],
  'projects.authenticateApiKey': [
    [
      'as it is',
      'nothing',
      async (person) =>
        person.iam.projects.authenticateApiKey.execute({ projectId: person.project.id, key: (await aKey(person)).key }),
    ],
  ],
  'projects.installPlatform': [
    [
      'once more',
      'nothing',
      ({ iam }) => iam.projects.installPlatform.execute(OPERATOR, { email: OWNER_EMAIL, password: PASSWORD }),
    ],
  ],
  'projects.raiseRestoreFence': [
    ['as it is', 'nothing', ({ iam }) => iam.projects.raiseRestoreFence.execute(OPERATOR)],
  ],
  'projects.createProject': [['as it is', 'nothing', ({ test }) => aProjectOf(test)]],
  'projects.findProject': [['as it is', 'nothing', ({ iam, project }) => iam.projects.findProject.execute(project.id)]],
  'projects.listProjects': [['as it is', 'nothing', ({ iam }) => iam.projects.listProjects.execute(OPERATOR, first)]],
  'projects.readProject': [
    ['as it is', 'nothing', ({ iam, project }) => iam.projects.readProject.execute(OPERATOR, project.id)],
  ],
  'projects.updateProject': [
    [
      'as it is',
      'nothing',
      ({ iam, project }) => iam.projects.updateProject.execute(OPERATOR, { id: project.id, name: 'x' }),
    ],
  ],
  'projects.createApiKey': [['as it is', 'nothing', aKey]],
  'projects.listApiKeys': [
    ['as it is', 'nothing', ({ iam, project }) => iam.projects.listApiKeys.execute(OPERATOR, project.id, first)],
  ],
  'projects.revokeApiKey': [
    [
      'as it is',
      'nothing',
      async (person) => {
        const { apiKey } = await aKey(person);
        return person.iam.projects.revokeApiKey.execute(OPERATOR, {
          projectId: person.project.id,
          apiKeyId: apiKey.id,
        });
      },
    ],
  ],
  'projects.listSigningKeys': [
    ['as it is', 'nothing', ({ iam, project }) => iam.projects.listSigningKeys.execute(OPERATOR, project.id)],
  ],
  'projects.rotateSigningKeys': [
    [
      'as it is',
      'nothing',
      async ({ iam, test }) => {
        const { id } = await aProjectOf(test);
        test.clock.advance(DAYS);
        return iam.projects.rotateSigningKeys.execute(OPERATOR, id);
      },
    ],
  ],
  'projects.rotateDueSigningKeys': [
    ['as it is', 'nothing', ({ iam }) => iam.projects.rotateDueSigningKeys.execute(1_000)],
  ],
  'projects.removeSigningKey': [
    [
      'as it is',
      'not-found',
      ({ iam, project }) => iam.projects.removeSigningKey.execute(OPERATOR, { projectId: project.id, kid: 'none' }),
    ],
  ],
  'projects.readJwks': [['as it is', 'nothing', ({ iam, project }) => iam.projects.readJwks.execute(project.id)]],
  'sealing.resealSecrets': [['as it is', 'nothing', ({ iam }) => iam.sealing.resealSecrets.execute()]],
  'sealing.attestHeadsAnew': [['as it is', 'nothing', ({ iam }) => iam.sealing.attestHeadsAnew.execute()]],
  'sealing.readMasterKeyNeeds': [['as it is', 'nothing', ({ iam }) => iam.sealing.readMasterKeyNeeds.execute()]],
  'reactions.react': [['as it is', 'nothing', ({ test }) => test.relay()]],
} as const satisfies WaysOf<'account' | 'tenants' | 'projects' | 'sealing' | 'reactions'>;

function aKey({ iam, project }: Person) {
  return iam.projects.createApiKey.execute(OPERATOR, { projectId: project.id, name: 'x', permissions: ['auth'] });
}
