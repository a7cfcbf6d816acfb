import type { Context } from 'hono';
import { IamError, type IamErrorCode, type Violation, type WeakPasswordReason } from '../../../domain/errors.ts';
import type { HttpEnvironment } from '../environment.ts';
import { PROBLEMS, type ProblemSlug } from './problem-table.ts';

/** A refusal in the words of RFC 9457. `status` is always the status of the answer. */
export function problemResponse(
  c: Context<HttpEnvironment>,
  publicUrl: string,
  error: IamError | ProblemSlug,
): Response {
  const slug = error instanceof IamError ? error.code : error;
  const [status, title, detail] = PROBLEMS[slug];
  const problem = {
    type: `${publicUrl}/problems/${slug}`,
    title,
    status,
    detail,
    instance: c.req.path,
    trace_id: c.get('traceId'),
    ...(error instanceof IamError ? membersOf(error, c.req.path) : {}),
  };
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  if (status === 401) headers['WWW-Authenticate'] = challengeFor(error);
  const retryAfterSeconds = error instanceof IamError ? retryAfterOf(error) : undefined;
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  return c.body(JSON.stringify(problem), status, headers);
}

/** RFC 6750 §3, and RFC 9470 §3 where a fresh authentication would do. */
function challengeFor(error: IamError | ProblemSlug): string {
  if (error instanceof IamError && has(error, 'reauthentication-required')) {
    return `Bearer error="insufficient_user_authentication", max_age=${error.details.maxAgeSeconds}`;
  }
  return 'Bearer error="invalid_token"';
}

function retryAfterOf(error: IamError): number | undefined {
  const details: object | undefined = error.details;
  if (details === undefined || !('retryAfterSeconds' in details)) return undefined;
  return typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : undefined;
}

/** What a problem says besides (RFC 9457 §3.2). */
function membersOf(error: IamError, path: string): object {
  if (has(error, 'validation-error')) return { errors: error.details.violations };
  if (has(error, 'weak-password')) return { errors: error.details.reasons.map((reason) => weakness(reason, path)) };
  if (has(error, 'mfa-required')) return { ...error.details };
  if (has(error, 'forbidden')) return { requiredPermission: error.details.requiredPermission };
  if (has(error, 'rbac-limit-exceeded') || has(error, 'webhook-limit-reached')) return { limit: error.details.limit };
  if (has(error, 'unknown-permission') || has(error, 'reserved-permission')) {
    return { permission: error.details.permission };
  }
  return {};
}

function has<Code extends IamErrorCode>(error: IamError, code: Code): error is IamError<Code> {
  return error.code === code;
}

const WEAKNESSES: Readonly<Record<WeakPasswordReason, string>> = {
  common: 'is one of the passwords that many people use',
  breached: 'is known from a data breach',
  'contains-own-name-or-address': 'is made of your own name or address, or of the name of this place',
};

/** Where a password is set for the first time. */
const FIRST_PASSWORD = /\/auth\/(?:register|accept-invite)$/;

function weakness(reason: WeakPasswordReason, path: string): Violation {
  const field = FIRST_PASSWORD.test(path) ? 'password' : 'newPassword';
  return { field, message: WEAKNESSES[reason], code: 'NOT_ALLOWED' };
}
