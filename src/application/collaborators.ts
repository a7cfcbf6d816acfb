import type { Ports } from '../ports/ports.ts';
import { emailParser } from './account/email-parser.ts';
import { MailBudget } from './account/mail-budget.ts';
import { MailedCodes } from './account/mailed-codes.ts';
import { PasswordReset } from './account/password-reset.ts';
import { PasswordRules } from './account/password-rules.ts';
import { ReadableChains } from './audit/readable-chains.ts';
import { SignedTrail } from './audit/signed-trail.ts';
import { Admission } from './authentication/admission.ts';
import { Arrival } from './authentication/arrival.ts';
import { LoginTickets } from './authentication/login-tickets.ts';
import { OwnFactors } from './authentication/own-factors.ts';
import { OwnPassword } from './authentication/own-password.ts';
import { PasswordAttempts } from './authentication/password-attempts.ts';
import { PasswordCheck } from './authentication/password-check.ts';
import { SessionOpener } from './authentication/session-opener.ts';
import { SessionStandings } from './authentication/session-standings.ts';
import { StandIns } from './authentication/stand-ins.ts';
import { StepUp } from './authentication/step-up.ts';
import { TokenPairs } from './authentication/token-pairs.ts';
import { InvitationBudget } from './invitations/invitation-budget.ts';
import { KnownPerson } from './invitations/known-person.ts';
import { TotpCheck } from './mfa/totp-check.ts';
import type { Policy } from './policy.ts';
import { KnownApiKeys } from './projects/known-api-keys.ts';
import { KnownProjects } from './projects/known-projects.ts';
import { PlatformAuthority } from './projects/platform-authority.ts';
import { SigningKeySuccession } from './projects/signing-key-succession.ts';
import { AuthorizationRequests } from './providers/authorization-requests.ts';
import { ExchangeCodeVault } from './providers/exchange-code-vault.ts';
import { ExternalAccounts } from './providers/external-accounts.ts';
import { Linking } from './providers/linking.ts';
import { OpenedProviders } from './providers/opened-providers.ts';
import { OwnRoundTrip } from './providers/own-round-trip.ts';
import { ProviderEntrance } from './providers/provider-entrance.ts';
import { Reauthentication } from './providers/reauthentication.ts';
import { RefusalTrace } from './providers/refusal-trace.ts';
import { AccountMails } from './reactions/account-mails.ts';
import { InvitationMails } from './reactions/invitation-mails.ts';
import { MailedSecrets } from './reactions/mailed-secrets.ts';
import { RecoveryAlarm } from './reactions/recovery-alarm.ts';
import { TransferMails } from './reactions/transfer-mails.ts';
import { RecoveryCheck } from './recovery/recovery-check.ts';
import { Authority } from './roles/authority.ts';
import { ModuleAuthority } from './roles/module-authority.ts';
import { PermissionResolver } from './roles/permission-resolver.ts';
import { ImportAccounts } from './users/import-accounts.ts';
import { MemberReader } from './users/member-reader.ts';
import { NewWebhookSecret } from './webhooks/new-webhook-secret.ts';
import { WebhookAuthority } from './webhooks/webhook-authority.ts';

/** What the use cases are made of, besides the world itself. Each is there once. */
export function collaborators(ports: Ports, policy: Policy) {
  const world = { ...ports, policy };
  const knownProjects = new KnownProjects(world);
  const knownApiKeys = new KnownApiKeys(world);
  const stepUp = new StepUp(world);
  const authority = new Authority({ ...world, knownProjects });
  const readableChains = new ReadableChains({ knownProjects });
  const signedTrail = new SignedTrail(world);
  const moduleAuthority = new ModuleAuthority({ ...world, authority, knownProjects });
  const permissionResolver = new PermissionResolver(world);
  const tokenPairs = new TokenPairs({ ...world, permissionResolver });
  const sessionOpener = new SessionOpener(world);
  const sessionStandings = new SessionStandings({ ...world, knownProjects, permissionResolver });
  const passwordAttempts = new PasswordAttempts(world);
  const standIns = new StandIns(world);
  const passwordCheck = new PasswordCheck({ ...world, passwordAttempts, standIns });
  const ownPassword = new OwnPassword({ ...world, passwordCheck });
  const passwordRules = new PasswordRules(world);
  const passwordReset = new PasswordReset({ ...world, passwordRules, passwordAttempts });
  const mailBudget = new MailBudget(world);
  const mailedCodes = new MailedCodes({ ...world, passwordAttempts });
  const mailedSecrets = new MailedSecrets(world);
  const accountMails = new AccountMails({ ...world, knownProjects, mailedSecrets });
  const recoveryAlarm = new RecoveryAlarm({ ...world, knownProjects });
  const totpCheck = new TotpCheck({ ...world, passwordAttempts });
  const ownFactors = new OwnFactors({ ...world, ownPassword, totpCheck });
  const loginTickets = new LoginTickets(world);
  const arrival = new Arrival(world);
  const admission = new Admission({ ...world, arrival, sessionOpener, tokenPairs });
  const recoveryCheck = new RecoveryCheck(world);
  const platformAuthority = new PlatformAuthority({ ...world, stepUp });
  const signingKeySuccession = new SigningKeySuccession(world);
  const invitationBudget = new InvitationBudget(world);
  const invitationMails = new InvitationMails({ ...world, knownProjects });
  const transferMails = new TransferMails({ ...world, knownProjects });
  const knownPerson = new KnownPerson({ ...world, passwordCheck, totpCheck });
  const memberReader = new MemberReader(world);
  const importAccounts = new ImportAccounts(world);
  const parseEmail = emailParser(ports.domainNames);
  const openedProviders = new OpenedProviders(world);
  const authorizationRequests = new AuthorizationRequests(world);
  const exchangeCodeVault = new ExchangeCodeVault(world);
  const externalAccounts = new ExternalAccounts({ ...world, parseEmail });
  const providerEntrance = new ProviderEntrance({ ...world, arrival, admission });
  const linking = new Linking(world);
  const reauthentication = new Reauthentication(world);
  const refusalTrace = new RefusalTrace(world);
  const ownRoundTrip = new OwnRoundTrip({ openedProviders, authorizationRequests, refusalTrace });
  const webhookAuthority = new WebhookAuthority({ ...world, authority });
  const newWebhookSecret = new NewWebhookSecret(world);
  return {
    ...world,
    knownProjects,
    knownApiKeys,
    stepUp,
    authority,
    readableChains,
    signedTrail,
    moduleAuthority,
    permissionResolver,
    tokenPairs,
    sessionOpener,
    sessionStandings,
    passwordAttempts,
    passwordCheck,
    ownPassword,
    totpCheck,
    ownFactors,
    loginTickets,
    arrival,
    admission,
    recoveryCheck,
    passwordRules,
    passwordReset,
    mailBudget,
    mailedCodes,
    platformAuthority,
    signingKeySuccession,
    parseEmail,
    invitationBudget,
    knownPerson,
    memberReader,
    importAccounts,
    openedProviders,
    authorizationRequests,
    exchangeCodeVault,
    externalAccounts,
    providerEntrance,
    linking,
    reauthentication,
    refusalTrace,
    ownRoundTrip,
    webhookAuthority,
    newWebhookSecret,
    accountMails,
    recoveryAlarm,
    invitationMails,
    transferMails,
  };
}
