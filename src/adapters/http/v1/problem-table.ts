import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { IamErrorCode } from '../../../domain/errors.ts';

type Problem = readonly [status: ContentfulStatusCode, title: string, detail: string];

/** Refusals that HTTP makes by itself, before any use case is asked. */
const HTTP_PROBLEMS = {
  'malformed-json': [400, 'Malformed JSON', 'The body is not well-formed JSON.'],
  'method-not-allowed': [405, 'Method not allowed', 'This address does not answer to this method.'],
  'payload-too-large': [413, 'Body too large', 'A body has at most 64 KiB.'],
  'unsupported-media-type': [415, 'Not JSON', 'A body is sent as application/json.'],
  'internal-error': [500, 'Internal error', 'Something went wrong on the server. Nothing about it is told outside.'],
} as const satisfies Record<string, Problem>;

const IAM_PROBLEMS = {
  'invalid-credentials': [401, 'Wrong credentials', 'The email, the password or the code is wrong.'],
  'mfa-required': [401, 'Second factor needed', 'The first factor is right; the second one is missing (mfaCode).'],
  'mfa-invalid': [401, 'Wrong second factor', 'The code is wrong, expired or already used.'],
  'mfa-already-enabled': [
    409,
    'Second factor already on',
    'The account already asks for a code of an authenticator app.',
  ],
  'mfa-not-enabled': [400, 'Second factor not on', 'The account does not ask for a code of an authenticator app.'],
  'mfa-setup-missing': [400, 'No set-up to finish', 'No authenticator app waits for its first code, or not any more.'],
  'reauthentication-required': [
    401,
    'Authenticate again',
    'This operation needs a recent authentication: reauthenticate, and try again.',
  ],
  'token-expired': [401, 'Token expired', 'The token is past its time.'],
  'token-invalid': [401, 'Token not valid', 'The token is missing, malformed, unknown, revoked or already used.'],
  'invalid-api-key': [401, 'API key not valid', 'The API key is missing, unknown, expired or revoked.'],
  'otp-invalid': [400, 'Code not valid', 'The code is wrong, expired or already used.'],
  'provider-already-linked': [
    409,
    'Already linked',
    'The identity at the provider belongs to an account, or the account has another one of this provider.',
  ],
  'last-provider': [400, 'Last way in', 'Without this provider nothing would be left to sign in with.'],
  'account-locked': [403, 'Account locked', 'The account is locked after too many failed attempts.'],
  'account-disabled': [403, 'Account disabled', 'The account has been disabled or deleted.'],
  'tenant-blocked': [403, 'Tenant blocked', 'The tenant that you sign in to is blocked.'],
  'email-not-verified': [403, 'Email not verified', 'This operation needs a verified email address.'],
  'registration-closed': [403, 'Registration closed', 'Nobody can register here at present.'],
  'sign-in-closed': [403, 'Sign-in closed', 'Nobody can sign in here at present.'],
  'user-limit-reached': [403, 'User limit reached', 'This project takes no more users.'],
  forbidden: [403, 'Forbidden', 'You may not do this.'],
  'impersonation-restricted': [403, 'Closed to impersonation', 'An impersonated session may not do this.'],
  'rbac-limit-exceeded': [400, 'Too many roles or permissions', 'The limit of roles or permissions is reached.'],
  'webhook-limit-reached': [409, 'Too many webhooks', 'The tenant has as many webhooks as it may have.'],
  'unknown-permission': [400, 'Unknown permission', 'No module of this project has registered the permission.'],
  'reserved-permission': [
    400,
    'Reserved permission',
    'The name is the platform’s, the kernel’s, or the owner’s alone (*).',
  ],
  'role-already-exists': [409, 'Role already exists', 'The tenant has a role whose name makes the same slug.'],
  'role-in-use': [409, 'Role in use', 'Somebody holds the role, or a role holds names of the module.'],
  'owner-protected': [
    409,
    'Owner protected',
    'A tenant has exactly one owner; the owner, and the owner role, stay as they are.',
  ],
  'already-member': [409, 'Already a member', 'The person belongs to the tenant.'],
  'invitation-pending': [409, 'Invitation pending', 'This address has been invited, and the invitation is still open.'],
  'transfer-in-progress': [
    409,
    'Transfer in progress',
    'The tenant has been offered to somebody who has not answered.',
  ],
  'validation-error': [400, 'Input not valid', 'Some fields are missing or wrong; errors names them.'],
  'invalid-cursor': [400, 'Cursor not valid', 'The cursor was not made by this list.'],
  'weak-password': [400, 'Password too weak', 'The password is long enough, but easy to guess.'],
  'email-already-registered': [409, 'Email already registered', 'An account with this email exists.'],
  'rotation-too-soon': [409, 'Rotation too soon', 'The next signing key has not been published for long enough.'],
  'precondition-failed': [412, 'Precondition failed', 'The resource has changed since you read it.'],
  'idempotency-key-reused': [422, 'Idempotency key reused', 'This Idempotency-Key came before with another request.'],
  'idempotency-in-progress': [409, 'Still running', 'The first request with this Idempotency-Key is still running.'],
  'already-done': [
    409,
    'Already done',
    'This request was carried out before; its answer held a secret and is not kept.',
  ],
  conflict: [409, 'Conflict', 'Somebody else changed the same thing at the same time.'],
  'not-found': [404, 'Not found', 'There is nothing here, or nothing that you may see.'],
  'rate-limited': [429, 'Too many requests', 'You have asked too often.'],
  overloaded: [503, 'Overloaded', 'The server has more work than it can do.'],
  unavailable: [503, 'Unavailable', 'Something that the server needs does not answer.'],
} as const satisfies Record<IamErrorCode, Problem>;

/** Every problem of the v1 API: slug → status, title, detail. A new error code does not compile without a line here. */
export const PROBLEMS = { ...IAM_PROBLEMS, ...HTTP_PROBLEMS } as const;

export type ProblemSlug = keyof typeof PROBLEMS;

export const PROBLEM_SLUGS = Object.keys(PROBLEMS) as readonly ProblemSlug[];
