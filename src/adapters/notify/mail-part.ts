import type { MailMessage } from '../../ports/notifier.ts';

/** A paragraph, a code to type, or a page of ours to open. */
export type MailPart =
  | string
  | { readonly code: string }
  | { readonly label: string; readonly page: MailPage; readonly token: string };

export type MailPage = 'verify-email' | 'reset-password' | 'disown' | 'accept-invitation';

export interface MailContent {
  readonly subject: string;
  readonly parts: readonly MailPart[];
}

export type ContentOf<Kind extends MailMessage['kind']> = (
  message: Extract<MailMessage, { readonly kind: Kind }>,
  issuer: string,
) => MailContent;
