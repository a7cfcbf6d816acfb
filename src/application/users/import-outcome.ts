import { type IamError, type IamErrorCode, invalidField } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { UserRecord } from './user-record.ts';

/** Why a line is not imported. Names fields, and shows nothing of what is in them. */
export interface ImportRefusal {
  readonly code: IamErrorCode | 'id-already-used' | 'repeated' | 'malformed-line' | 'line-too-long';
  readonly message: string;
}

/** A line of the file: who is on it, or why nobody can be made out. */
export type ImportEntry = { readonly line: number } & (
  | { readonly record: UserRecord }
  | { readonly refusal: ImportRefusal }
);

/** What became of a line. */
export type ImportOutcome = { readonly line: number } & (
  | {
      readonly kind: 'imported';
      readonly userId: UserId;
      /** The address is to be proven within a week, or the account goes. */
      readonly provisional: boolean;
    }
  /** It was imported before. */
  | { readonly kind: 'present'; readonly userId: UserId }
  | { readonly kind: 'refused'; readonly refusal: ImportRefusal }
);

const MESSAGES: { readonly [Code in IamErrorCode]?: string } = {
  'email-already-registered': 'email belongs to another account',
  'provider-already-linked': 'links: one of them belongs to another account, or a provider is there twice',
  'user-limit-reached': 'the project has as many people as its userLimit allows',
  'owner-protected': 'nobody becomes an owner by an import, only by a transfer',
  'rbac-limit-exceeded': 'more roles than anybody may have in a tenant',
};

export function refusalOf(error: IamError): ImportRefusal {
  if (error.is('validation-error')) {
    const problems = error.details.violations.map(({ field, message }) => `${field} ${message}`.trim());
    return { code: error.code, message: problems.join('; ') };
  }
  return { code: error.code, message: MESSAGES[error.code] ?? 'somebody else was first: import it again' };
}

/** A refusal of what a record says. */
export function wrong(field: string, message: string): IamError {
  return invalidField(field, message, 'NOT_ALLOWED');
}
