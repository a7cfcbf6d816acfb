import type { MailMessage } from '../../ports/notifier.ts';
import type { ContentOf } from './mail-part.ts';
import { oneLine } from './one-line.ts';
import { TENANCY_MAIL_CONTENT } from './tenancy-mail-content.ts';

/** What each mail says. Codes and links never stand in a subject, which shows on locked screens. */
export const MAIL_CONTENT: { readonly [Kind in MailMessage['kind']]: ContentOf<Kind> } = {
  'verify-email-otp': ({ otp, minutes }, issuer) => ({
    subject: `Your ${issuer} verification code`,
    parts: [
      `Welcome to ${issuer}. Please confirm your email address with this code:`,
      { code: otp },
      `It works once, for ${minutes} minutes.`,
      'If you did not ask for it, you can ignore this mail. Please give the code to nobody.',
    ],
  }),
  'verify-email-link': ({ token, disownToken }, issuer) => ({
    subject: `Confirm your email address for ${issuer}`,
    parts: [
      `Welcome to ${issuer}. Please confirm that this is your email address.`,
      { label: 'Confirm my address', page: 'verify-email', token },
      'The link works once, for 24 hours.',
      'You know nothing of this? Then somebody used your address, and you can remove their account.',
      { label: 'This was not me', page: 'disown', token: disownToken },
    ],
  }),
  'reset-password-otp': ({ otp, minutes }, issuer) => ({
    subject: `Your ${issuer} password reset code`,
    parts: [
      `Somebody, hopefully you, asked to reset your ${issuer} password. Your code:`,
      { code: otp },
      `It works once, for ${minutes} minutes.`,
      'If you did not ask for it, you can ignore this mail: your password stays as it is. Please give the code to nobody.',
    ],
  }),
  'reset-password-link': ({ token }, issuer) => ({
    subject: `Reset your ${issuer} password`,
    parts: [
      `Somebody, hopefully you, asked to reset your ${issuer} password.`,
      { label: 'Choose a new password', page: 'reset-password', token },
      'The link works once, for an hour.',
      'If you did not ask for it, you can ignore this mail: your password stays as it is.',
    ],
  }),
  'email-change-link': ({ token }, issuer) => ({
    subject: `Confirm your new email address for ${issuer}`,
    parts: [
      `Please confirm that you want to use this address for your ${issuer} account.`,
      { label: 'Confirm my new address', page: 'verify-email', token },
      'The link works once, for 24 hours. Until then your account keeps its present address.',
      'You know nothing of this? Then you can ignore this mail.',
    ],
  }),
  'email-change-notice': ({ newEmail }, issuer) => ({
    subject: `Your ${issuer} email address is about to change`,
    parts: [
      `Somebody, hopefully you, asked to change the address of your ${issuer} account to ${oneLine(newEmail)}.`,
      'Nothing changes until the new address is confirmed.',
      'If this was not you, please change your password now.',
    ],
  }),
  'email-change-consent': ({ newEmail, token }, issuer) => ({
    subject: `Do you agree to a new email address for ${issuer}?`,
    parts: [
      `Somebody who administers your ${issuer} account wants to change its address to ${oneLine(newEmail)}. That mailbox would then open the account, and this one would not any more.`,
      { label: 'I agree to the new address', page: 'verify-email', token },
      'The link works once, for 24 hours. Your account keeps its present address until you agree and the new address is confirmed, too.',
      'If you do not agree, you can ignore this mail: nothing changes.',
    ],
  }),
  'email-changed': ({ newEmail }, issuer) => ({
    subject: `Your ${issuer} email address has changed`,
    parts: [
      `The address of your ${issuer} account is now ${oneLine(newEmail)}. This mailbox is not used for it any more.`,
      'If this was not you, please get in touch with whoever runs the service.',
    ],
  }),
  'password-changed': (_message, issuer) => ({
    subject: `Your ${issuer} password has changed`,
    parts: [
      `The password of your ${issuer} account was changed just now.`,
      'If this was not you, please reset your password.',
    ],
  }),
  'mfa-setup-started': (_message, issuer) => ({
    subject: `Setting up two-step sign-in for ${issuer}`,
    parts: [
      `Somebody, hopefully you, began to set up an authenticator app for your ${issuer} account. It is not in use yet.`,
      'If this was not you, please change your password now: whoever it was is signed in to your account.',
    ],
  }),
  'mfa-enabled': (_message, issuer) => ({
    subject: `Two-step sign-in is on for ${issuer}`,
    parts: [
      `Signing in to your ${issuer} account now takes a code from an authenticator app, besides your password. Your other sessions have ended.`,
      'If this was not you, please reset your password now, and ask whoever runs the service to turn two-step sign-in off.',
    ],
  }),
  'mfa-disabled': (_message, issuer) => ({
    subject: `Two-step sign-in is off for ${issuer}`,
    parts: [
      `Signing in to your ${issuer} account takes only your password now: no code from an authenticator app is asked for any more. Your other sessions have ended.`,
      'If this was not you, please change your password now, and set up your authenticator app again.',
    ],
  }),
  'provider-linked': ({ provider }, issuer) => ({
    subject: `A new way to sign in to ${issuer} was added`,
    parts: [
      `Your ${issuer} account can be signed in to with “${oneLine(provider)}” from now on.`,
      'If this was not you, please reset your password now, which ends every session. Then sign in and take this way to sign in away again.',
    ],
  }),
  'provider-unlinked': ({ provider }, issuer) => ({
    subject: `A way to sign in to ${issuer} was removed`,
    parts: [
      `Your ${issuer} account cannot be signed in to with “${oneLine(provider)}” any more.`,
      'If this was not you, please reset your password now, which ends every session. Then sign in and add it again.',
    ],
  }),
  'session-stolen': (_message, issuer) => ({
    subject: `We ended a ${issuer} session of yours`,
    parts: [
      `Something that had been used before was used again to stay signed in to your ${issuer} account. Somebody may have copied it, so we ended that session.`,
      'Please sign in again. If you did not expect this, change your password and end your other sessions.',
    ],
  }),
  'recovery-codes-regenerated': (_message, issuer) => ({
    subject: `New recovery codes for your ${issuer} account`,
    parts: [
      `New recovery codes were made for your ${issuer} account just now. The ones from before do not work any more.`,
      'If this was not you, please reset your password now: that ends every session, and the new codes do not work any more either.',
    ],
  }),
  'account-recovered': ({ codesRemaining }, issuer) => ({
    subject: `Your ${issuer} account was recovered`,
    parts: [
      `Somebody, hopefully you, signed in to your ${issuer} account with a recovery code just now. Your other sessions have ended.`,
      codesRemaining === 0
        ? 'It was the last one: please make new recovery codes while you are signed in.'
        : `Recovery codes that are left: ${codesRemaining}.`,
      'If this was not you, please reset your password now: that ends every session, and the codes that are left do not work any more.',
    ],
  }),
  'recovery-locked': ({ account }, issuer) => ({
    subject: `Wrong recovery codes for a ${issuer} account`,
    parts: [
      `Somebody has entered wrong recovery codes for the ${issuer} account ${oneLine(account)}, several times in a row.`,
      'Nobody got in. For an hour no recovery code is taken for this account; then recovery opens again by itself. Signing in works as before.',
      'If this was you, please wait for the hour to pass. If this was not you, there is nothing to do. Should it go on, recovery closes until whoever runs the service unlocks it.',
    ],
  }),
  'recovery-closed': ({ account, accountId, accountProjectId, project, inPlatform, accountLocked }, issuer) => ({
    subject: accountLocked ? `A ${issuer} account is locked` : `Recovery of a ${issuer} account is closed`,
    parts: [
      `Somebody has entered wrong recovery codes for the account ${oneLine(account)} of the project ${oneLine(project)}, again and again. Nobody got in.`,
      accountLocked
        ? 'The account is locked now: it cannot be signed in to or recovered, nor its password be reset. Open sessions go on, and password and authenticator app together still sign in from a network that has done so lately.'
        : 'No recovery code is taken for this account any more. Signing in works as before.',
      'This does not end by itself. If the account is yours, please ask whoever runs the service to unlock it. If this was not you, please make new recovery codes as soon as you are signed in.',
      inPlatform
        ? `For the owner of the platform: be sure who asks, then unlock the account with PATCH /api/v1/users/${accountId} {"status":"active"}, or on the server with: npx castellan user unlock ${accountId}`
        : `For whoever runs the service: be sure who asks, then unlock the account on the server with: npx castellan user unlock ${accountId} --project ${accountProjectId}`,
    ],
  }),
  'sign-in-attempts': ({ failures }, issuer) => ({
    subject: `Failed sign-ins to your ${issuer} account`,
    parts: [
      `Somebody has tried ${failures} times in a row to sign in to your ${issuer} account, with a wrong password each time.`,
      'Nobody got in, and your account is safe as long as nobody knows your password. If you use it anywhere else, please change it.',
    ],
  }),
  ...TENANCY_MAIL_CONTENT,
};
