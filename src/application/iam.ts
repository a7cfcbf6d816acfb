import type { Ports } from '../ports/ports.ts';
import { ChangePassword } from './account/change-password.ts';
import { Disown } from './account/disown.ts';
import { EndOtherSessions } from './account/end-other-sessions.ts';
import { EndSession } from './account/end-session.ts';
import { ListSessions } from './account/list-sessions.ts';
import { ReadProfile } from './account/read-profile.ts';
import { RequestMail } from './account/request-mail.ts';
import { RequestVerification } from './account/request-verification.ts';
import { ResetPasswordByCode } from './account/reset-password-by-code.ts';
import { ResetPasswordByLink } from './account/reset-password-by-link.ts';
import { UpdateProfile } from './account/update-profile.ts';
import { VerifyEmailByCode } from './account/verify-email-by-code.ts';
import { VerifyEmailByLink } from './account/verify-email-by-link.ts';
import { EraseAuditDetail } from './audit/erase-audit-detail.ts';
import { ExportAudit } from './audit/export-audit.ts';
import { ForgetAuditRecords } from './audit/forget-audit-records.ts';
import { ReadAuditRecords } from './audit/read-audit-records.ts';
import { SealAuditRecords } from './audit/seal-audit-records.ts';
import { SignAuditCheckpoints } from './audit/sign-audit-checkpoints.ts';
import { Authenticate } from './authentication/authenticate.ts';
import { CloseImpersonations } from './authentication/close-impersonations.ts';
import { EndOwnSession } from './authentication/end-own-session.ts';
import { Impersonate } from './authentication/impersonate.ts';
import { Login } from './authentication/login.ts';
import { LoginWithTicket } from './authentication/login-with-ticket.ts';
import { Logout } from './authentication/logout.ts';
import { Reauthenticate } from './authentication/reauthenticate.ts';
import { RefreshSession } from './authentication/refresh-session.ts';
import { Register } from './authentication/register.ts';
import { SelectTenant } from './authentication/select-tenant.ts';
import { SwitchTenant } from './authentication/switch-tenant.ts';
import { collaborators } from './collaborators.ts';
import { impersonationGuard } from './impersonation-guard.ts';
import { AcceptInvitation } from './invitations/accept-invitation.ts';
import { InvitePerson } from './invitations/invite-person.ts';
import { ListInvitations } from './invitations/list-invitations.ts';
import { ResendInvitation } from './invitations/resend-invitation.ts';
import { RevokeInvitation } from './invitations/revoke-invitation.ts';
import { ConfirmTotp } from './mfa/confirm-totp.ts';
import { DisableTotp } from './mfa/disable-totp.ts';
import { SetUpTotp } from './mfa/set-up-totp.ts';
import { observed } from './observed.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import { AuthenticateApiKey } from './projects/authenticate-api-key.ts';
import { CreateApiKey } from './projects/create-api-key.ts';
import { CreateProject } from './projects/create-project.ts';
import { FindProject } from './projects/find-project.ts';
import { InstallPlatform } from './projects/install-platform.ts';
import { ListApiKeys } from './projects/list-api-keys.ts';
import { ListProjects } from './projects/list-projects.ts';
import { ListSigningKeys } from './projects/list-signing-keys.ts';
import { RaiseRestoreFence } from './projects/raise-restore-fence.ts';
import { ReadJwks } from './projects/read-jwks.ts';
import { ReadProject } from './projects/read-project.ts';
import { RemoveSigningKey } from './projects/remove-signing-key.ts';
import { RevokeApiKey } from './projects/revoke-api-key.ts';
import { RotateDueSigningKeys } from './projects/rotate-due-signing-keys.ts';
import { RotateSigningKeys } from './projects/rotate-signing-keys.ts';
import { UpdateProject } from './projects/update-project.ts';
import { AnswerMfaChallenge } from './providers/answer-mfa-challenge.ts';
import { AnswerProvider } from './providers/answer-provider.ts';
import { ChangeProvider } from './providers/change-provider.ts';
import { ConfigureProvider } from './providers/configure-provider.ts';
import { ExchangeCode } from './providers/exchange-code.ts';
import { FinishLink } from './providers/finish-link.ts';
import { FinishReauthentication } from './providers/finish-reauthentication.ts';
import { ListLinks } from './providers/list-links.ts';
import { ListProviders } from './providers/list-providers.ts';
import { ListSignInProviders } from './providers/list-sign-in-providers.ts';
import { RemoveProvider } from './providers/remove-provider.ts';
import { StartLink } from './providers/start-link.ts';
import { StartReauthentication } from './providers/start-reauthentication.ts';
import { StartSignIn } from './providers/start-sign-in.ts';
import { Unlink } from './providers/unlink.ts';
import { React } from './reactions/react.ts';
import { ReadRecoveryCodes } from './recovery/read-recovery-codes.ts';
import { Recover } from './recovery/recover.ts';
import { RegenerateRecoveryCodes } from './recovery/regenerate-recovery-codes.ts';
import { CheckPermission } from './roles/check-permission.ts';
import { ComposeRole } from './roles/compose-role.ts';
import { DeleteRole } from './roles/delete-role.ts';
import { InstallModule } from './roles/install-module.ts';
import { ListModules } from './roles/list-modules.ts';
import { ListPermissions } from './roles/list-permissions.ts';
import { ListRoles } from './roles/list-roles.ts';
import { ReadRole } from './roles/read-role.ts';
import { UninstallModule } from './roles/uninstall-module.ts';
import { UpdateRole } from './roles/update-role.ts';
import { AttestHeadsAnew } from './sealing/attest-heads-anew.ts';
import { ReadMasterKeyNeeds } from './sealing/read-master-key-needs.ts';
import { ResealSecrets } from './sealing/reseal-secrets.ts';
import { AcceptTransfer } from './tenants/accept-transfer.ts';
import { BlockTenant } from './tenants/block-tenant.ts';
import { CancelTransfer } from './tenants/cancel-transfer.ts';
import { CreateTenant } from './tenants/create-tenant.ts';
import { ListOwnTenants } from './tenants/list-own-tenants.ts';
import { ListTenants } from './tenants/list-tenants.ts';
import { OfferTransfer } from './tenants/offer-transfer.ts';
import { ReadTenant } from './tenants/read-tenant.ts';
import { UnblockTenant } from './tenants/unblock-tenant.ts';
import { UpdateTenant } from './tenants/update-tenant.ts';
import { AssignRole } from './users/assign-role.ts';
import { DeleteUser } from './users/delete-user.ts';
import { ExportUsers } from './users/export-users.ts';
import { FindAccount } from './users/find-account.ts';
import { ImportUsers } from './users/import-users.ts';
import { ListMembers } from './users/list-members.ts';
import { ReadMember } from './users/read-member.ts';
import { ReadPermissions } from './users/read-permissions.ts';
import { RestoreUser } from './users/restore-user.ts';
import { UnassignRole } from './users/unassign-role.ts';
import { UnlockUser } from './users/unlock-user.ts';
import { UpdateUser } from './users/update-user.ts';
import { ChangeWebhook } from './webhooks/change-webhook.ts';
import { ClaimDeliveries } from './webhooks/claim-deliveries.ts';
import { CreateWebhook } from './webhooks/create-webhook.ts';
import { DeliverWebhook } from './webhooks/deliver-webhook.ts';
import { ForgetEvents } from './webhooks/forget-events.ts';
import { ListDeliveries } from './webhooks/list-deliveries.ts';
import { ListEvents } from './webhooks/list-events.ts';
import { ListWebhooks } from './webhooks/list-webhooks.ts';
import { PublishEvents } from './webhooks/publish-events.ts';
import { ReadWebhook } from './webhooks/read-webhook.ts';
import { Redeliver } from './webhooks/redeliver.ts';
import { RemoveWebhook } from './webhooks/remove-webhook.ts';
import { RotateWebhookSecret } from './webhooks/rotate-webhook-secret.ts';

/** The use cases, grouped as an API would group them. */
export type Iam = ReturnType<typeof createIam>;

/** Wires the use cases to the world. `policy` is for the whole installation; projects have settings of their own. */
export function createIam(ports: Ports, policy: Policy = defaultPolicy) {
  const deps = collaborators(ports, policy);
  const closedToImpersonators = impersonationGuard(deps);
  return observed(ports.observer, {
    authentication: closedToImpersonators(
      {
        authenticate: new Authenticate(deps),
        register: new Register(deps),
        login: new Login(deps),
        loginWithTicket: new LoginWithTicket(deps),
        refreshSession: new RefreshSession(deps),
        logout: new Logout(deps),
        endOwnSession: new EndOwnSession(deps),
        selectTenant: new SelectTenant(deps),
        switchTenant: new SwitchTenant(deps),
        reauthenticate: new Reauthenticate(deps),
        impersonate: new Impersonate(deps),
      },
      { except: ['authenticate', 'refreshSession', 'logout', 'endOwnSession'] },
    ),
    mfa: closedToImpersonators({
      setUpTotp: new SetUpTotp(deps),
      confirmTotp: new ConfirmTotp(deps),
      disableTotp: new DisableTotp(deps),
    }),
    recovery: closedToImpersonators(
      {
        recover: new Recover(deps),
        readRecoveryCodes: new ReadRecoveryCodes(deps),
        regenerateRecoveryCodes: new RegenerateRecoveryCodes(deps),
      },
      { except: ['readRecoveryCodes'] },
    ),
    providers: closedToImpersonators(
      {
        listSignInProviders: new ListSignInProviders(deps),
        startSignIn: new StartSignIn(deps),
        answerProvider: new AnswerProvider(deps),
        exchangeCode: new ExchangeCode(deps),
        answerMfaChallenge: new AnswerMfaChallenge(deps),
        startLink: new StartLink(deps),
        finishLink: new FinishLink(deps),
        unlink: new Unlink(deps),
        listLinks: new ListLinks(deps),
        startReauthentication: new StartReauthentication(deps),
        finishReauthentication: new FinishReauthentication(deps),
        configureProvider: new ConfigureProvider(deps),
        changeProvider: new ChangeProvider(deps),
        removeProvider: new RemoveProvider(deps),
        listProviders: new ListProviders(deps),
      },
      { except: ['listSignInProviders', 'listLinks', 'listProviders'] },
    ),
    account: closedToImpersonators(
      {
        readProfile: new ReadProfile(deps),
        updateProfile: new UpdateProfile(deps),
        changePassword: new ChangePassword(deps),
        listSessions: new ListSessions(deps),
        endSession: new EndSession(deps),
        endOtherSessions: new EndOtherSessions(deps),
        verifyEmailByCode: new VerifyEmailByCode(deps),
        verifyEmailByLink: new VerifyEmailByLink(deps),
        requestVerification: new RequestVerification(deps),
        resendVerification: new RequestMail('email-verification-requested', deps),
        requestPasswordReset: new RequestMail('password-reset-requested', deps),
        resetPasswordByCode: new ResetPasswordByCode(deps),
        resetPasswordByLink: new ResetPasswordByLink(deps),
        disown: new Disown(deps),
      },
      { except: ['readProfile', 'listSessions'] },
    ),
    tenants: closedToImpersonators(
      {
        listOwnTenants: new ListOwnTenants(deps),
        createTenant: new CreateTenant(deps),
        readTenant: new ReadTenant(deps),
        updateTenant: new UpdateTenant(deps),
        listTenants: new ListTenants(deps),
        blockTenant: new BlockTenant(deps),
        unblockTenant: new UnblockTenant(deps),
        offerTransfer: new OfferTransfer(deps),
        acceptTransfer: new AcceptTransfer(deps),
        cancelTransfer: new CancelTransfer(deps),
      },
      { except: ['listOwnTenants', 'readTenant', 'listTenants', 'updateTenant'] },
    ),
    roles: closedToImpersonators(
      {
        listRoles: new ListRoles(deps),
        readRole: new ReadRole(deps),
        composeRole: new ComposeRole(deps),
        updateRole: new UpdateRole(deps),
        deleteRole: new DeleteRole(deps),
        listPermissions: new ListPermissions(deps),
        listModules: new ListModules(deps),
        installModule: new InstallModule(deps),
        uninstallModule: new UninstallModule(deps),
        checkPermission: new CheckPermission(deps),
      },
      { except: ['listRoles', 'readRole', 'listPermissions', 'listModules', 'checkPermission'] },
    ),
    users: closedToImpersonators(
      {
        invitePerson: new InvitePerson(deps),
        listMembers: new ListMembers(deps),
        readMember: new ReadMember(deps),
        updateUser: new UpdateUser(deps),
        deleteUser: new DeleteUser(deps),
        restoreUser: new RestoreUser(deps),
        assignRole: new AssignRole(deps),
        unassignRole: new UnassignRole(deps),
        readPermissions: new ReadPermissions(deps),
        findAccount: new FindAccount(deps),
        unlockUser: new UnlockUser(deps),
        importUsers: new ImportUsers(deps),
        exportUsers: new ExportUsers(deps),
      },
      { except: ['listMembers', 'readMember', 'readPermissions'] },
    ),
    invitations: closedToImpersonators(
      {
        acceptInvitation: new AcceptInvitation(deps),
        listInvitations: new ListInvitations(deps),
        resendInvitation: new ResendInvitation(deps),
        revokeInvitation: new RevokeInvitation(deps),
      },
      { except: ['listInvitations'] },
    ),
    projects: {
      installPlatform: new InstallPlatform(deps),
      raiseRestoreFence: new RaiseRestoreFence(deps),
      /** What the key rotor does every few minutes. */
      rotateDueSigningKeys: new RotateDueSigningKeys(deps),
      ...closedToImpersonators(
        {
          authenticateApiKey: new AuthenticateApiKey(deps),
          findProject: new FindProject(deps),
          createProject: new CreateProject(deps),
          listProjects: new ListProjects(deps),
          readProject: new ReadProject(deps),
          updateProject: new UpdateProject(deps),
          createApiKey: new CreateApiKey(deps),
          listApiKeys: new ListApiKeys(deps),
          revokeApiKey: new RevokeApiKey(deps),
          listSigningKeys: new ListSigningKeys(deps),
          rotateSigningKeys: new RotateSigningKeys(deps),
          removeSigningKey: new RemoveSigningKey(deps),
          readJwks: new ReadJwks(deps),
        },
        {
          except: [
            'authenticateApiKey',
            'findProject',
            'listProjects',
            'readProject',
            'listApiKeys',
            'listSigningKeys',
            'readJwks',
          ],
        },
      ),
    },
    webhooks: {
      ...closedToImpersonators(
        {
          createWebhook: new CreateWebhook(deps),
          listWebhooks: new ListWebhooks(deps),
          readWebhook: new ReadWebhook(deps),
          changeWebhook: new ChangeWebhook(deps),
          removeWebhook: new RemoveWebhook(deps),
          rotateWebhookSecret: new RotateWebhookSecret(deps),
          listDeliveries: new ListDeliveries(deps),
          redeliver: new Redeliver(deps),
          listEvents: new ListEvents(deps),
        },
        { except: ['listWebhooks', 'readWebhook', 'listDeliveries', 'listEvents'] },
      ),
      /** What the publisher does every second, and soon after a commit. */
      publishEvents: new PublishEvents(deps),
      /** What the deliverer takes on, and does about each. */
      claimDeliveries: new ClaimDeliveries(deps),
      deliverWebhook: new DeliverWebhook(deps),
      /** What the housekeeper does besides. */
      forgetEvents: new ForgetEvents(deps),
    },
    audit: {
      ...closedToImpersonators(
        {
          readAuditRecords: new ReadAuditRecords(deps),
          exportAudit: new ExportAudit(deps),
          eraseAuditDetail: new EraseAuditDetail(deps),
          signAuditCheckpoints: new SignAuditCheckpoints(deps),
        },
        { except: ['readAuditRecords', 'exportAudit', 'signAuditCheckpoints'] },
      ),
      /** What the sealer does every second. */
      sealAuditRecords: new SealAuditRecords(deps),
      /** What the housekeeper does besides. */
      closeImpersonations: new CloseImpersonations(deps),
      forgetAuditRecords: new ForgetAuditRecords(deps),
    },
    /** What follows when the master key is another one. */
    sealing: {
      resealSecrets: new ResealSecrets(deps),
      attestHeadsAnew: new AttestHeadsAnew(deps),
      readMasterKeyNeeds: new ReadMasterKeyNeeds(deps),
    },
    /** What the relay does about an event of the outbox. */
    reactions: {
      react: new React(deps),
    },
  } as const);
}
