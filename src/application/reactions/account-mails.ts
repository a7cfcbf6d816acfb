import type { EventOf } from '../../domain/events.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isActive, isInUse } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';
import type { MailMessage } from '../../ports/notifier.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { mailOf } from './mail-of.ts';
import type { MailedSecrets } from './mailed-secrets.ts';

type AccountMailsDeps = Pick<
  Ports,
  'userDirectory' | 'authProviderDirectory' | 'recoveryCodesDirectory' | 'notifier'
> & {
  readonly knownProjects: KnownProjects;
  readonly mailedSecrets: MailedSecrets;
};

/** The mails that tell people about their accounts. Whoever is gone by now is not written to. */
export class AccountMails {
  readonly #deps: AccountMailsDeps;
  constructor(deps: AccountMailsDeps) {
    this.#deps = deps;
  }

  async welcome(event: EventOf<'user-registered'>): Promise<void> {
    if (event.proofRequested) await this.#prove(await this.#byId(event), event.dialect);
  }

  async verification(event: EventOf<'email-verification-requested'>): Promise<void> {
    await this.#prove(await this.#byEmail(event), event.dialect);
  }

  /** Over the Gate an unproven address is mailed too, since the reset proves it; over v1 only a proven one. */
  async passwordReset(event: EventOf<'password-reset-requested'>): Promise<void> {
    const user = await this.#byEmail(event);
    if (user?.email == null || !isActive(user)) return;
    const { mailedSecrets } = this.#deps;
    if (event.dialect === 'gate') {
      const code = await mailedSecrets.otp(user, user.email, 'reset-password-otp');
      await this.#send(user, user.email, { kind: 'reset-password-otp', ...code });
    } else if (user.emailVerifiedAt !== null) {
      const token = await mailedSecrets.link(user, user.email, 'reset-password-link');
      await this.#send(user, user.email, { kind: 'reset-password-link', token });
    }
  }

  /** The new address proves itself; the old one is told, or asked. An address that somebody else has is left in peace. */
  async emailChange(event: EventOf<'email-change-requested'>): Promise<void> {
    const user = await this.#byId(event);
    const newEmail = user?.pendingEmail;
    if (user === undefined || newEmail == null || newEmail !== event.newEmail) return;
    const holder = await this.#deps.userDirectory.byEmail(user.projectId, newEmail);
    if (holder === undefined) {
      const token = await this.#deps.mailedSecrets.link(user, newEmail, 'email-change');
      await this.#send(user, newEmail, { kind: 'email-change-link', token });
    }
    if (user.email === null) return;
    if (event.consentNeeded) {
      const token = await this.#deps.mailedSecrets.link(user, user.email, 'email-change-consent');
      await this.#send(user, user.email, { kind: 'email-change-consent', newEmail, token });
    } else await this.#send(user, user.email, { kind: 'email-change-notice', newEmail });
  }

  async emailChanged(event: EventOf<'email-changed'>): Promise<void> {
    const user = await this.#byId(event);
    if (user?.email == null || event.oldEmail === null) return;
    await this.#send(user, event.oldEmail as EmailAddress, { kind: 'email-changed', newEmail: user.email });
  }

  async passwordChanged(event: EventOf<'password-changed' | 'password-reset'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'password-changed' });
  }

  async mfaSetupStarted(event: EventOf<'mfa-setup-started'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'mfa-setup-started' });
  }

  async mfaEnabled(event: EventOf<'mfa-enabled'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'mfa-enabled' });
  }

  async mfaDisabled(event: EventOf<'mfa-disabled'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'mfa-disabled' });
  }

  async providerChanged(event: EventOf<'provider-linked' | 'provider-unlinked'>): Promise<void> {
    const user = await this.#byId(event);
    if (user === undefined) return;
    const providerId = event.providerId as ProviderId;
    const provider = await this.#deps.authProviderDirectory.byId(user.projectId, providerId);
    await this.#tell(user, { kind: event.type, provider: provider?.name ?? providerId });
  }

  async recoveryCodesRegenerated(event: EventOf<'recovery-codes-regenerated'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'recovery-codes-regenerated' });
  }

  async accountRecovered(event: EventOf<'account-recovered'>): Promise<void> {
    const user = await this.#byId(event);
    if (user === undefined) return;
    const codes = await this.#deps.recoveryCodesDirectory.ofUser(user.projectId, user.id);
    await this.#tell(user, { kind: 'account-recovered', codesRemaining: codes?.codes.length ?? 0 });
  }

  async sessionStolen(event: EventOf<'refresh-token-reused'>): Promise<void> {
    await this.#tell(await this.#byId(event), { kind: 'session-stolen' });
  }

  async signInAttempts(event: EventOf<'sign-in-attempts-mounting'>): Promise<void> {
    await this.#tell(await this.#byEmail(event), { kind: 'sign-in-attempts', failures: event.failures });
  }

  async #prove(user: UserState | undefined, dialect: EventOf<'user-registered'>['dialect']): Promise<void> {
    if (user?.email == null || user.emailVerifiedAt !== null) return;
    const { mailedSecrets } = this.#deps;
    if (dialect === 'gate') {
      const code = await mailedSecrets.otp(user, user.email, 'verify-email-otp');
      await this.#send(user, user.email, { kind: 'verify-email-otp', ...code });
    } else {
      const token = await mailedSecrets.link(user, user.email, 'verify-email-link');
      const disownToken = await mailedSecrets.link(user, user.email, 'disown');
      await this.#send(user, user.email, { kind: 'verify-email-link', token, disownToken });
    }
  }

  async #tell(user: UserState | undefined, message: MailMessage): Promise<void> {
    if (user?.email != null) await this.#send(user, user.email, message);
  }

  async #byId(event: { readonly projectId: string; readonly userId: string }): Promise<UserState | undefined> {
    const user = await this.#deps.userDirectory.byId(event.projectId as ProjectId, event.userId as UserId);
    return user !== undefined && isInUse(user) ? user : undefined;
  }

  async #byEmail(event: { readonly projectId: string; readonly email: string }): Promise<UserState | undefined> {
    const user = await this.#deps.userDirectory.byEmail(event.projectId as ProjectId, event.email as EmailAddress);
    return user !== undefined && isInUse(user) ? user : undefined;
  }

  async #send(user: UserState, to: EmailAddress, message: MailMessage): Promise<void> {
    const project = await this.#deps.knownProjects.byId(user.projectId);
    await this.#deps.notifier.send(mailOf(project, to, message));
  }
}
