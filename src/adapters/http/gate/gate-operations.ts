import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpEnvironment } from '../environment.ts';
import { describeOperation, type GateOperation } from './gate-document.ts';
import * as schemas from './gate-schemas.ts';

type Operation = Omit<GateOperation, 'path' | 'method'> & { readonly method?: 'get' };

const NO_CONTENT = [204, 'Done'] as const;
const ALWAYS = [204, 'Always, whether or not the address is known'] as const;

const GATE: Readonly<Record<string, Operation>> = {
  register: {
    summary: 'Register a user',
    body: schemas.RegisterBody,
    success: [201, 'Registered; without tokens where the address must be proven first', schemas.RegisteredView],
    refusals: {
      400: 'the password is common, breached, or made of the own name or address',
      403: 'Registration is off, the user limit is reached, or a network rule forbids it',
      409: 'The email is registered',
    },
  },
  'verify-email': {
    summary: 'Prove an email address with the code that was mailed',
    body: schemas.VerifyEmailBody,
    success: NO_CONTENT,
    refusals: { 400: 'a wrong, expired or used code, or an address without one' },
  },
  'resend-verification': {
    summary: 'Mail a new code',
    body: schemas.EmailBody,
    success: ALWAYS,
    refusals: {},
  },
  login: {
    summary: 'Sign in with email and password',
    body: schemas.LoginBody,
    success: [200, 'Signed in, or a ticket for the second step', schemas.SignedInView],
    refusals: {
      401: 'Wrong email or password; invalid API key',
      403: 'After the right password: disabled, deleted or locked account, unproven email',
    },
  },
  'login/totp': {
    summary: 'Finish a sign-in with the ticket and a code of the authenticator app',
    body: schemas.LoginTotpBody,
    success: [200, 'Signed in', schemas.SignedInWithTotpView],
    refusals: {
      401: 'A dead or unknown ticket, or a wrong code: one answer for both; invalid API key',
      403: 'Disabled, deleted or locked account, sign-in is off, or a network rule forbids it',
    },
  },
  'forgot-password': {
    summary: 'Mail a code for a new password',
    body: schemas.EmailBody,
    success: ALWAYS,
    refusals: {},
  },
  'reset-password': {
    summary: 'Set a new password with the code that was mailed; every session ends',
    body: schemas.ResetPasswordBody,
    success: NO_CONTENT,
    refusals: { 400: 'a wrong, expired or used code, or a refused password' },
  },
};

const PUBLIC: Readonly<Record<string, Operation>> = {
  refresh: {
    summary: 'Exchange a refresh token; the presented one is dead at once',
    body: schemas.RefreshTokenBody,
    success: [200, 'New tokens', schemas.TokensView],
    refusals: { 401: 'A dead or unknown token; invalid API key' },
  },
  logout: {
    summary: 'End a session',
    body: schemas.RefreshTokenBody,
    success: [204, 'Always, also for an unknown token'],
    refusals: {},
  },
  me: {
    method: 'get',
    summary: 'The signed-in user',
    bearer: true,
    success: [200, 'The user as they are now', schemas.MeView],
    refusals: { 401: 'A bad token; invalid API key', 403: 'Email verification required' },
  },
  verify: {
    summary: 'Check an access token, state on the server included',
    bearer: true,
    success: [200, 'The token is good', schemas.VerifiedView],
    refusals: { 401: 'A bad token; invalid API key' },
  },
  'totp/setup': {
    summary: 'Begin to set an authenticator app up; replaces a set-up that is not finished',
    body: schemas.TotpSetupBody,
    bodyOptional: true,
    bearer: true,
    success: [200, 'What the app is to be given, for five minutes', schemas.PendingTotpView],
    refusals: {
      400: 'TOTP is already enabled',
      401: 'A wrong password; a bad token; invalid API key',
      403: 'TOTP is off, the address is not proven, or an authentication of the last five minutes or the password is missing',
    },
  },
  'totp/verify-setup': {
    summary: 'Finish the set-up with a code of the app; the other sessions end',
    body: schemas.TotpCodeBody,
    bearer: true,
    success: NO_CONTENT,
    refusals: {
      400: 'nothing is pending, or TOTP is already enabled',
      401: 'A wrong code; a bad token; invalid API key',
    },
  },
  'totp/disable': {
    summary: 'Turn TOTP off with a code of the app; the other sessions end',
    body: schemas.TotpCodeBody,
    bearer: true,
    success: NO_CONTENT,
    refusals: { 400: 'TOTP is not enabled', 401: 'A wrong code; a bad token; invalid API key' },
  },
};

export function describeGate(app: OpenAPIHono<HttpEnvironment>): void {
  describeAll(app, 'gate', GATE);
}

export function describePublic(app: OpenAPIHono<HttpEnvironment>): void {
  describeAll(app, 'pub', PUBLIC);
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/pub/{project_id}/.well-known/jwks.json',
    summary: 'The keys that access tokens of the project are verified with',
    tags: ['Public'],
    parameters: [{ name: 'project_id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
    responses: {
      200: { description: 'JWK Set (RFC 7517)', content: { 'application/json': { schema: schemas.JwksView } } },
      304: { description: 'Not changed since the given ETag' },
      404: refusal('Unknown project, or sign-in is disabled'),
      500: refusal('Something went wrong on the server'),
      503: refusal('Something that the service needs does not answer'),
    },
  });
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: schemas.ErrorView } },
});

function describeAll(
  app: OpenAPIHono<HttpEnvironment>,
  surface: 'gate' | 'pub',
  operations: Readonly<Record<string, Operation>>,
): void {
  for (const [name, operation] of Object.entries(operations)) {
    describeOperation(app, { method: 'post', ...operation, path: `/${surface}/{project_id}/auth/${name}` });
  }
}
