import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { IamError, IamErrorCode, Violation, WeakPasswordReason } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { HttpRefusal, type HttpRefusalCode } from '../middleware/http-refusal.ts';

type GateError = readonly [status: ContentfulStatusCode, detail: string];

/** Every refusal in the words of the Gate and Public API. A new error code does not compile without a line here. */
export const GATE_ERRORS = {
  'invalid-credentials': [401, 'Wrong email or password'],
  'mfa-required': [401, 'A second factor is required'],
  'mfa-invalid': [401, 'Wrong code'],
  'mfa-already-enabled': [400, 'TOTP is already enabled'],
  'mfa-not-enabled': [400, 'TOTP is not enabled'],
  'mfa-setup-missing': [400, 'No TOTP set-up is pending'],
  'reauthentication-required': [403, 'Authenticate again with the password'],
  'token-expired': [401, 'Token expired'],
  'token-invalid': [401, 'Invalid token'],
  'invalid-api-key': [401, 'Invalid API key'],
  'otp-invalid': [400, 'Invalid or expired code'],
  'provider-already-linked': [409, 'Already linked'],
  'last-provider': [400, 'Nothing else would be left to sign in with'],
  'account-locked': [403, 'Account locked'],
  'account-disabled': [403, 'Account disabled'],
  'tenant-blocked': [403, 'Access is blocked'],
  'email-not-verified': [403, 'Email verification required'],
  'registration-closed': [403, 'Registration is disabled'],
  'sign-in-closed': [403, 'Sign-in is disabled'],
  'user-limit-reached': [403, 'User limit reached'],
  forbidden: [403, 'Forbidden'],
  'impersonation-restricted': [403, 'Forbidden'],
  'rbac-limit-exceeded': [400, 'Too many roles or permissions'],
  'webhook-limit-reached': [409, 'Too many webhooks'],
  'unknown-permission': [400, 'Unknown permission'],
  'reserved-permission': [400, 'Reserved permission'],
  'role-already-exists': [409, 'Role already exists'],
  'role-in-use': [409, 'Role in use'],
  'owner-protected': [409, 'Owner is protected'],
  'already-member': [409, 'Already a member'],
  'invitation-pending': [409, 'Invitation pending'],
  'transfer-in-progress': [409, 'Transfer in progress'],
  'validation-error': [422, 'Invalid input'],
  'invalid-cursor': [400, 'Invalid cursor'],
  'weak-password': [400, 'Password refused'],
  'email-already-registered': [409, 'Email already registered'],
  'rotation-too-soon': [409, 'Too soon'],
  'precondition-failed': [412, 'Precondition failed'],
  'idempotency-key-reused': [422, 'Idempotency key reused'],
  'idempotency-in-progress': [409, 'Request in progress'],
  'already-done': [409, 'Already done'],
  conflict: [409, 'Conflict, try again'],
  'not-found': [404, 'Not found'],
  'rate-limited': [429, 'Too many requests'],
  overloaded: [503, 'Overloaded, try again later'],
  unavailable: [503, 'Unavailable, try again later'],
  'malformed-json': [400, 'Malformed JSON'],
  'payload-too-large': [413, 'Payload too large'],
  'unsupported-media-type': [415, 'Content-Type must be application/json'],
  'method-not-allowed': [405, 'Method not allowed'],
  'internal-error': [500, 'Internal error'],
} as const satisfies Record<IamErrorCode | HttpRefusalCode, GateError>;

const WEAKNESSES: Readonly<Record<WeakPasswordReason, string>> = {
  common: 'it is one of the most common passwords',
  breached: 'it is known from a data breach',
  'contains-own-name-or-address': 'it is made of your own name or address',
};

/** `{"detail": …}`: one sentence, or for 422 the list of what is wrong. */
export function gateErrorResponse(c: Context<HttpEnvironment>, error: IamError | HttpRefusal): Response {
  const [status, sentence] = GATE_ERRORS[error.code];
  if (error instanceof HttpRefusal) return c.json({ detail: sentence }, status);
  if (error.is('validation-error')) return c.json({ detail: error.details.violations.map(entryOf) }, status);
  if (error.is('weak-password')) {
    const reasons = error.details.reasons.map((reason) => WEAKNESSES[reason]).join(', ');
    return c.json({ detail: `${sentence}: ${reasons}` }, status);
  }
  if (isOfSecondStep(c.req.path, error)) return c.json({ detail: 'Invalid login ticket or code' }, status);
  if (error.is('token-invalid') || error.is('token-expired')) {
    c.header('WWW-Authenticate', 'Bearer error="invalid_token"'); // RFC 6750 §3
  }
  if (error.details !== undefined && 'retryAfterSeconds' in error.details) {
    c.header('Retry-After', String(error.details.retryAfterSeconds));
  }
  return c.json({ detail: sentence }, status);
}

const BAD_TICKET_OR_CODE: readonly IamErrorCode[] = ['token-invalid', 'token-expired', 'mfa-invalid'];

/** Whether it was the ticket or the code that was wrong is nobody's business, and no bearer token was asked for. */
function isOfSecondStep(path: string, { code }: IamError): boolean {
  return path.endsWith('/login/totp') && BAD_TICKET_OR_CODE.includes(code);
}

const TYPES: Readonly<Record<Violation['code'], string>> = {
  REQUIRED: 'missing',
  INVALID_TYPE: 'type_error',
  INVALID_FORMAT: 'value_error',
  TOO_SHORT: 'too_short',
  TOO_LONG: 'too_long',
  TOO_BIG: 'too_big',
  TOO_SMALL: 'too_small',
  NOT_ALLOWED: 'value_error',
};

/** Fields that use cases call by another name. */
const GATE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['newPassword', 'new_password'],
  ['firstName', 'name'],
]);

function entryOf({ field, message, code }: Violation): object {
  const loc = field.startsWith('header.')
    ? field.split('.')
    : [
        'body',
        ...field
          .split('.')
          .filter(Boolean)
          .map((segment) => GATE_FIELDS.get(segment) ?? segment),
      ];
  return { loc, msg: message, type: TYPES[code] };
}
