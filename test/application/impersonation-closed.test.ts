import { beforeAll, describe, expect, it } from 'vitest';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { actorOf, anIam, at, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf } from './recovery-person.ts';
import { anOwner } from './tenant-people.ts';

type UseCaseName = { [Group in keyof Iam]: `${Group}.${keyof Iam[Group] & string}` }[keyof Iam];

/** Everything that there is to do, and whether it may be done in the place of somebody. */
const TABLE = {
  'authentication.authenticate': 'open',
  'authentication.register': 'closed',
  'authentication.login': 'closed',
  'authentication.loginWithTicket': 'closed',
  'authentication.refreshSession': 'open',
  'authentication.logout': 'open',
  'authentication.endOwnSession': 'open',
  'authentication.selectTenant': 'closed',
  'authentication.switchTenant': 'closed',
  'authentication.reauthenticate': 'closed',
  'authentication.impersonate': 'closed',
  'mfa.setUpTotp': 'closed',
  'mfa.confirmTotp': 'closed',
  'mfa.disableTotp': 'closed',
  'recovery.recover': 'closed',
  'recovery.readRecoveryCodes': 'open',
  'recovery.regenerateRecoveryCodes': 'closed',
  'providers.listSignInProviders': 'open',
  'providers.startSignIn': 'closed',
  'providers.answerProvider': 'closed',
  'providers.exchangeCode': 'closed',
  'providers.answerMfaChallenge': 'closed',
  'providers.startLink': 'closed',
  'providers.finishLink': 'closed',
  'providers.unlink': 'closed',
  'providers.listLinks': 'open',
  'providers.startReauthentication': 'closed',
  'providers.finishReauthentication': 'closed',
  'providers.configureProvider': 'closed',
  'providers.changeProvider': 'closed',
  'providers.removeProvider': 'closed',
  'providers.listProviders': 'open',
  'account.readProfile': 'open',
  'account.updateProfile': 'closed',
  'account.changePassword': 'closed',
  'account.listSessions': 'open',
  'account.endSession': 'closed',
  'account.endOtherSessions': 'closed',
  'account.verifyEmailByCode': 'closed',
  'account.verifyEmailByLink': 'closed',
  'account.requestVerification': 'closed',
  'account.resendVerification': 'closed',
  'account.requestPasswordReset': 'closed',
  'account.resetPasswordByCode': 'closed',
  'account.resetPasswordByLink': 'closed',
  'account.disown': 'closed',
  'tenants.listOwnTenants': 'open',
  'tenants.createTenant': 'closed',
  'tenants.readTenant': 'open',
  'tenants.updateTenant': 'open',
  'tenants.listTenants': 'open',
  'tenants.blockTenant': 'closed',
  'tenants.unblockTenant': 'closed',
  'tenants.offerTransfer': 'closed',
  'tenants.acceptTransfer': 'closed',
  'tenants.cancelTransfer': 'closed',
  'roles.listRoles': 'open',
  'roles.readRole': 'open',
  'roles.composeRole': 'closed',
  'roles.updateRole': 'closed',
  'roles.deleteRole': 'closed',
  'roles.listPermissions': 'open',
  'roles.listModules': 'open',
  'roles.installModule': 'closed',
  'roles.uninstallModule': 'closed',
  'roles.checkPermission': 'open',
  'users.invitePerson': 'closed',
  'users.listMembers': 'open',
  'users.readMember': 'open',
  'users.updateUser': 'closed',
  'users.deleteUser': 'closed',
  'users.restoreUser': 'closed',
  'users.assignRole': 'closed',
  'users.unassignRole': 'closed',
  'users.readPermissions': 'open',
  'users.findAccount': 'closed',
  'users.unlockUser': 'closed',
  'users.importUsers': 'closed',
  'users.exportUsers': 'closed',
  'invitations.acceptInvitation': 'closed',
  'invitations.listInvitations': 'open',
  'invitations.resendInvitation': 'closed',
  'invitations.revokeInvitation': 'closed',
  'projects.installPlatform': 'nobody is asked for',
  'projects.raiseRestoreFence': 'nobody is asked for',
  'projects.rotateDueSigningKeys': 'nobody is asked for',
  'projects.authenticateApiKey': 'open',
  'projects.findProject': 'open',
  'projects.createProject': 'closed',
  'projects.listProjects': 'open',
  'projects.readProject': 'open',
  'projects.updateProject': 'closed',
  'projects.createApiKey': 'closed',
  'projects.listApiKeys': 'open',
  'projects.revokeApiKey': 'closed',
  'projects.listSigningKeys': 'open',
  'projects.rotateSigningKeys': 'closed',
  'projects.removeSigningKey': 'closed',
  'projects.readJwks': 'open',
  'webhooks.createWebhook': 'closed',
  'webhooks.listWebhooks': 'open',
  'webhooks.readWebhook': 'open',
  'webhooks.changeWebhook': 'closed',
  'webhooks.removeWebhook': 'closed',
  'webhooks.rotateWebhookSecret': 'closed',
  'webhooks.listDeliveries': 'open',
  'webhooks.redeliver': 'closed',
  'webhooks.listEvents': 'open',
  'webhooks.publishEvents': 'nobody is asked for',
  'webhooks.claimDeliveries': 'nobody is asked for',
  'webhooks.deliverWebhook': 'nobody is asked for',
  'webhooks.forgetEvents': 'nobody is asked for',
  'audit.readAuditRecords': 'open',
  'audit.exportAudit': 'open',
  'audit.eraseAuditDetail': 'closed',
  'audit.signAuditCheckpoints': 'open',
  'audit.sealAuditRecords': 'nobody is asked for',
  'audit.closeImpersonations': 'nobody is asked for',
  'audit.forgetAuditRecords': 'nobody is asked for',
  'sealing.resealSecrets': 'nobody is asked for',
  'sealing.attestHeadsAnew': 'nobody is asked for',
  'sealing.readMasterKeyNeeds': 'nobody is asked for',
  'reactions.react': 'nobody is asked for',
} as const satisfies Readonly<Record<UseCaseName, 'open' | 'closed' | 'nobody is asked for'>>;

/** As an embedder calls it, whoever it is for. */
interface AnyUseCase {
  execute(by: unknown, input: unknown): Promise<unknown>;
}

const namesOf = (iam: Iam): readonly string[] =>
  Object.entries(iam).flatMap(([group, members]) => Object.keys(members).map((name) => `${group}.${name}`));

const named = (how: string): readonly string[] =>
  Object.entries(TABLE)
    .filter(([, is]) => is === how)
    .map(([name]) => name);

let test: TestIam;
let iam: Iam;
let actor: UserActor;
let own: UserActor;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  iam = test.iam;
  const owner = await anOwner(test);
  const input = { tenantId: owner.actor.tenantId, reason: 'support_request' };
  const tokens = await iam.authentication.impersonate.execute(await thePlatformOwner(test), input);
  actor = await actorOf(test, at(test.platform, 'v1'), tokens.accessToken);
  own = owner.actor;
});

function attempt(name: string, by: UserActor): Promise<string> {
  const [group = '', useCase = ''] = name.split('.');
  const groups = iam as unknown as Readonly<Record<string, Readonly<Record<string, AnyUseCase>>>>;
  const found = groups[group]?.[useCase];
  if (found === undefined) throw new Error(`no ${name}`);
  return answerOf(Promise.resolve().then(() => found.execute(by, {})));
}

describe('what may be done in the place of somebody', () => {
  it('is in the table, for every use case', () => {
    expect(Object.keys(TABLE).toSorted()).toEqual(namesOf(createIam(memoryPorts())).toSorted());
  });

  it.each(named('closed'))('is not %s, before anything else is looked at', async (name) => {
    expect(await attempt(name, actor)).toBe('impersonation-restricted');
  });

  it.each(named('closed'))('leaves a trace in both trails where it is not %s', async (name) => {
    const operation = name.split('.')[1];
    const about = { entityId: actor.sessionId, userId: actor.userId, actorId: actor.impersonatorId };
    const trail = () =>
      test
        .audited('auth.impersonation.refused', about)
        .filter(({ metadata }) => metadata?.operation === operation)
        .map(({ tenantId }) => tenantId);
    const before = trail();
    await attempt(name, actor);
    expect(trail()).toEqual([...before, actor.tenantId, test.platform.rootTenantId]);
  });

  it.each(named('open'))('is %s', async (name) => {
    expect(await attempt(name, actor)).not.toBe('impersonation-restricted');
  });

  it.each(named('closed'))('is no question for the person themselves: %s', async (name) => {
    expect(await attempt(name, own)).not.toBe('impersonation-restricted');
  });
});
