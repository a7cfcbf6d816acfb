import type { ProjectId } from '../domain/project/project.ts';
import type { EmailAddress } from '../domain/user/email-address.ts';

/** What a mail says. Secrets are here for as long as it takes to send them. */
export type MailMessage =
  | { readonly kind: 'verify-email-otp'; readonly otp: string; readonly minutes: number }
  | { readonly kind: 'verify-email-link'; readonly token: string; readonly disownToken: string }
  | { readonly kind: 'reset-password-otp'; readonly otp: string; readonly minutes: number }
  | { readonly kind: 'reset-password-link'; readonly token: string }
  | { readonly kind: 'email-change-link'; readonly token: string }
  | { readonly kind: 'email-change-notice'; readonly newEmail: string }
  | { readonly kind: 'email-change-consent'; readonly newEmail: string; readonly token: string }
  | { readonly kind: 'email-changed'; readonly newEmail: string }
  | { readonly kind: 'password-changed' }
  | { readonly kind: 'mfa-setup-started' }
  | { readonly kind: 'mfa-enabled' }
  | { readonly kind: 'mfa-disabled' }
  /** A way in by a provider was added, or taken away; `provider`: as its project calls it. */
  | { readonly kind: 'provider-linked'; readonly provider: string }
  | { readonly kind: 'provider-unlinked'; readonly provider: string }
  | { readonly kind: 'session-stolen' }
  | { readonly kind: 'recovery-codes-regenerated' }
  | { readonly kind: 'account-recovered'; readonly codesRemaining: number }
  /** To whom an account matters: recovery with codes is closed for an hour. */
  | { readonly kind: 'recovery-locked'; readonly account: string }
  /** As above, until somebody unlocks it; `accountLocked`: signing in, too. */
  | {
      readonly kind: 'recovery-closed';
      readonly account: string;
      readonly accountId: string;
      readonly inPlatform: boolean;
      readonly project: string;
      readonly accountProjectId: string;
      readonly accountLocked: boolean;
    }
  | { readonly kind: 'invitation'; readonly token: string; readonly tenant: string; readonly invitedBy: string }
  | {
      readonly kind: 'transfer-offered';
      readonly tenant: string;
      readonly newOwner: string;
      readonly toNewOwner: boolean;
    }
  | { readonly kind: 'transfer-accepted'; readonly tenant: string; readonly newOwner: string }
  | { readonly kind: 'transfer-cancelled'; readonly tenant: string }
  | { readonly kind: 'sign-in-attempts'; readonly failures: number };

export interface Mail {
  readonly to: EmailAddress;
  /** The project's name for itself in mails. */
  readonly issuerName: string;
  /** Named in links, unless it is the platform project. */
  readonly projectId: ProjectId | undefined;
  readonly message: MailMessage;
}

/** Tells a person. Rejects when the mail was not taken; the caller tries again later. MUST have a deadline. */
export interface Notifier {
  send(mail: Mail): Promise<void>;
}
