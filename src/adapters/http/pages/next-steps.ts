import type { ProblemSlug } from '../v1/problem-table.ts';

/** What somebody who met a problem does next. */
export const NEXT_STEPS = {
  'invalid-credentials':
    'Check the email and the password, and try again. After too many attempts wait, or reset the password.',
  'mfa-required':
    'Send the same request once more with the code of the authenticator app as mfaCode. After a provider there is a challengeToken: send both to POST /auth/mfa/challenge.',
  'mfa-invalid': 'Wait for the next code of the authenticator app: each one works once. Check the clock of the device.',
  'mfa-already-enabled':
    'Nothing is left to do. For another authenticator app call POST /auth/mfa/disable first, with a code of the present one.',
  'mfa-not-enabled':
    'Nothing is left to do: the password alone signs in. POST /auth/mfa/enable sets a second factor up.',
  'mfa-setup-missing':
    'Call POST /auth/mfa/enable, take its secret into the authenticator app, then send the code that the app shows.',
  'reauthentication-required':
    'Call POST /auth/reauthenticate with every factor that the account has, or with a provider where it has none, then repeat the request.',
  'token-expired':
    'Exchange the refresh token for a new pair, or sign in again. For a link from a mail, ask for a new one.',
  'token-invalid':
    'Send Authorization: Bearer with an access token of this API. If there is one, its session has ended: sign in again. For a link from a mail, ask for a new one.',
  'invalid-api-key': 'Send a live key of this very project in X-API-Key. Whoever runs the project can make a new one.',
  'otp-invalid': 'Use the code of the latest mail, or ask for a new one: it replaces all earlier ones.',
  'provider-already-linked':
    'Sign in with the provider to see whose identity it is; unlink it there first, or use another identity.',
  'last-provider': 'Set a password (POST /auth/request-reset) or link another provider first.',
  'account-locked':
    'Wait for the time in Retry-After where there is one; otherwise ask the owner of the platform to unlock it.',
  'account-disabled': 'Ask an administrator of the service.',
  'tenant-blocked': 'Sign in to another tenant, or ask whoever runs the service.',
  'email-not-verified': 'Follow the link in the verification mail. POST /auth/request-verify-email sends another one.',
  'registration-closed': 'Ask whoever runs the service for an account.',
  'sign-in-closed': 'Try again later, or ask whoever runs the service.',
  'user-limit-reached': 'Whoever runs the service can raise the limit of the project (userLimit).',
  forbidden:
    'Ask an administrator for the permission named in requiredPermission. Without that member, the rules of the project do not admit your network or client, or the kind of key is wrong.',
  'impersonation-restricted': 'End the impersonation and act as yourself.',
  'rbac-limit-exceeded': 'Remove roles or permissions that are not used any more, or combine them.',
  'webhook-limit-reached': 'Remove webhooks that are not used any more; one webhook can get events of many types.',
  'unknown-permission':
    'Check the spelling against GET /permissions. A module registers its permissions with POST /modules.',
  'reserved-permission':
    'Leave the name in permission out: roles hold what GET /permissions calls assignable, and modules have a prefix of their own.',
  'role-already-exists': 'Choose another name, or change the role that is there.',
  'role-in-use':
    'Take the role from whoever holds it, or repeat the call with ?force=true, which does that. A release of a module that leaves names out can come once no role holds any of its names.',
  'owner-protected': 'Hand the tenant over first: POST /tenants/{id}/transfer.',
  'already-member': 'Nothing is left to do. POST /users/{id}/roles gives the person more roles.',
  'invitation-pending':
    'Wait for the answer, or send the mail once more: POST /invitations/{id}/resend. DELETE /invitations/{id} takes the invitation back.',
  'transfer-in-progress': 'Wait for the answer, or take the offer back: DELETE /tenants/{id}/transfer.',
  'validation-error': 'Correct the fields that errors names: field, message and code say what is wrong with each.',
  'invalid-cursor': 'Start again without a cursor, and pass nextCursor on as it came, to the same list.',
  'weak-password': 'Choose a longer phrase that nobody would guess; errors says what is wrong with this one.',
  'email-already-registered':
    'Sign in with this email, or reset the password. Whoever comes from a provider links it then: POST /users/{id}/providers/{providerId}.',
  'rotation-too-soon': 'Wait for the time in Retry-After: relying parties must have seen the next key before it signs.',
  'precondition-failed': 'Read the resource again, apply your change to what it is now, and send its new ETag.',
  'idempotency-key-reused': 'Use a new Idempotency-Key for every new request.',
  'idempotency-in-progress': 'Wait a moment, then repeat the same request with the same key.',
  'already-done': 'Nothing is left to do. If the secret is lost, make a new one under a new Idempotency-Key.',
  conflict: 'Try again.',
  'not-found': 'Check the address and the id, and that you act in the right tenant and project.',
  'rate-limited': 'Wait for the time in Retry-After, then try again.',
  overloaded: 'Wait for the time in Retry-After, then try again.',
  unavailable: 'Wait for the time in Retry-After, then try again. If it lasts, tell whoever runs the service.',
  'malformed-json': 'Send well-formed JSON in UTF-8.',
  'method-not-allowed': 'Use one of the methods in the Allow header.',
  'payload-too-large': 'Send less.',
  'unsupported-media-type': 'Send Content-Type: application/json.',
  'internal-error': 'Try again. If it lasts, tell whoever runs the service the trace_id of the answer.',
} as const satisfies Record<ProblemSlug, string>;
