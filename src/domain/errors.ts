/** What a caller is told besides the code. `undefined` where the code says it all. */
export interface IamErrorDetails {
  'invalid-credentials': undefined;
  /** `challengeToken`: after a provider, what the code is to be sent with. */
  'mfa-required': { readonly challengeToken: string } | undefined;
  'mfa-invalid': undefined;
  'mfa-already-enabled': undefined;
  'mfa-not-enabled': undefined;
  'mfa-setup-missing': undefined;
  'reauthentication-required': { readonly maxAgeSeconds: number };
  'token-expired': undefined;
  'token-invalid': undefined;
  'invalid-api-key': undefined;
  /** A short code from a mail: wrong, expired, used, or for an address that has none. One answer for all. */
  'otp-invalid': undefined;
  'provider-already-linked': undefined;
  'last-provider': undefined;
  'account-locked': { readonly retryAfterSeconds?: number };
  'account-disabled': undefined;
  'tenant-blocked': undefined;
  'email-not-verified': undefined;
  'registration-closed': undefined;
  'sign-in-closed': undefined;
  'user-limit-reached': undefined;
  forbidden: { readonly requiredPermission?: string };
  'impersonation-restricted': undefined;
  'rbac-limit-exceeded': { readonly limit: number };
  'webhook-limit-reached': { readonly limit: number };
  'unknown-permission': { readonly permission: string };
  'reserved-permission': { readonly permission: string };
  'role-already-exists': undefined;
  'role-in-use': undefined;
  'owner-protected': undefined;
  'already-member': undefined;
  'invitation-pending': undefined;
  'transfer-in-progress': undefined;
  'validation-error': { readonly violations: readonly Violation[] };
  'invalid-cursor': undefined;
  'weak-password': { readonly reasons: readonly WeakPasswordReason[] };
  'email-already-registered': undefined;
  'rotation-too-soon': { readonly retryAfterSeconds: number };
  'precondition-failed': undefined;
  'idempotency-key-reused': undefined;
  'idempotency-in-progress': undefined;
  'already-done': undefined;
  conflict: undefined;
  'not-found': undefined;
  'rate-limited': { readonly retryAfterSeconds: number };
  overloaded: { readonly retryAfterSeconds: number };
  unavailable: { readonly retryAfterSeconds: number };
}

export type IamErrorCode = keyof IamErrorDetails;

/** One thing wrong with the shape of an input. */
export interface Violation {
  /** Dotted path from the top of the input. */
  readonly field: string;
  readonly message: string;
  readonly code:
    | 'REQUIRED'
    | 'INVALID_TYPE'
    | 'INVALID_FORMAT'
    | 'TOO_SHORT'
    | 'TOO_LONG'
    | 'TOO_BIG'
    | 'TOO_SMALL'
    | 'NOT_ALLOWED';
}

/** Why a password that is long enough is refused all the same. */
export type WeakPasswordReason = 'common' | 'breached' | 'contains-own-name-or-address';

type DetailsArgument<Code extends IamErrorCode> = undefined extends IamErrorDetails[Code]
  ? [details?: IamErrorDetails[Code]]
  : [details: IamErrorDetails[Code]];

/**
 * The one error of the library: a refusal with a stable `code` (the problem slug of the v1 API) and typed details.
 * It never carries a secret, and its message is for developers, not for end users.
 */
export class IamError<Code extends IamErrorCode = IamErrorCode> extends Error {
  override readonly name = 'IamError';
  readonly code: Code;
  readonly details: IamErrorDetails[Code];

  constructor(code: Code, ...[details]: DetailsArgument<Code>) {
    super(code);
    this.code = code;
    this.details = details as IamErrorDetails[Code];
  }

  /** Narrows to the code, so that its details are typed. */
  is<Wanted extends IamErrorCode>(code: Wanted): this is IamError<Wanted> {
    return (this.code as IamErrorCode) === code;
  }
}

/** The refusal of an input in which one field is wrong. */
export function invalidField(field: string, message: string, code: Violation['code']): IamError<'validation-error'> {
  return new IamError('validation-error', { violations: [{ field, message, code }] });
}
