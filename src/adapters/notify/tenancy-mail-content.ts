import type { ContentOf } from './mail-part.ts';
import { oneLine } from './one-line.ts';

type TenancyMail = 'invitation' | 'transfer-offered' | 'transfer-accepted' | 'transfer-cancelled';

/** Names of people and tenants are theirs to choose: they stand between quotes, and never in a subject. */
export const TENANCY_MAIL_CONTENT: { readonly [Kind in TenancyMail]: ContentOf<Kind> } = {
  invitation: ({ token, tenant, invitedBy }, issuer) => ({
    subject: `You are invited to ${issuer}`,
    parts: [
      `${quoted(invitedBy)} invites you to join ${quoted(tenant)} on ${issuer}.`,
      { label: 'Accept the invitation', page: 'accept-invitation', token },
      'The link works once, for 72 hours. You choose a password there; if this address has an account already, you use the password of that one.',
      'You do not know who asks, or why? Then you can ignore this mail: nothing happens without you.',
    ],
  }),
  'transfer-offered': ({ tenant, newOwner, toNewOwner }, issuer) =>
    toNewOwner
      ? {
          subject: `A ${issuer} workspace is offered to you`,
          parts: [
            `The owner of ${quoted(tenant)} on ${issuer} wants to hand it over to you.`,
            'You have 72 hours to accept while you are signed in. Then it is yours, and you answer for who may do what in it.',
            'If you do not want it, decline, or do nothing: it stays where it is.',
          ],
        }
      : {
          subject: `You have offered a ${issuer} workspace to somebody`,
          parts: [
            `Somebody, hopefully you, has offered ${quoted(tenant)} on ${issuer} to ${quoted(newOwner)}.`,
            'They have 72 hours to accept. Until then nothing changes, and you can take the offer back.',
            'If this was not you, please take the offer back and change your password now: whoever it was knows it.',
          ],
        },
  'transfer-accepted': ({ tenant, newOwner }, issuer) => ({
    subject: `A ${issuer} workspace has a new owner`,
    parts: [
      `${quoted(tenant)} on ${issuer} belongs to ${quoted(newOwner)} now. Whoever owned it before still administers it.`,
      'If you did not expect this, please get in touch with whoever runs the service.',
    ],
  }),
  'transfer-cancelled': ({ tenant }, issuer) => ({
    subject: `A ${issuer} workspace stays with its owner`,
    parts: [
      `The offer to hand ${quoted(tenant)} on ${issuer} over was taken back or declined. Nothing has changed.`,
      'There is nothing to do.',
    ],
  }),
};

function quoted(name: string): string {
  return `“${oneLine(name)}”`;
}
