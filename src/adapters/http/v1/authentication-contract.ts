import { createRoute, z } from '@hono/zod-openapi';
import { IMPERSONATION_REASON, MAX_IMPERSONATION_REASON_LENGTH } from '../../../domain/session/impersonation-reason.ts';
import { answer, BEARER, NO_CONTENT, PROJECT_HEADER, problems, takes } from './documented.ts';
import { emailField, mfaCodeField, nameField, passwordField, remarkField, secretField } from './fields.ts';
import { ReturnInput, StartInput } from './provider-fields.ts';
import { Reauthenticated, StartedAtProvider } from './provider-schemas.ts';
import { User } from './user-contract.ts';

const TAGS = ['Authentication'];

export const TokenPair = z
  .object({ accessToken: z.string(), refreshToken: z.string(), expiresAt: z.string() })
  .openapi('TokenPair');

export const TenantChoice = z
  .object({
    id: z.string(),
    name: z.string(),
    logoUrl: z.string().nullable(),
    role: z.string().nullable(),
    roles: z.array(z.string()).readonly(),
  })
  .openapi('TenantChoice');

export const TenantSelection = z
  .object({
    requiresTenantSelection: z.literal(true),
    sessionToken: z.string(),
    tenants: z.array(TenantChoice).readonly(),
  })
  .openapi('TenantSelection');

export const SignIn = z.union([TokenPair, TenantSelection]).openapi('SignIn');

/** The three token fields are null where the project wants the address proven first. */
export const Registered = z
  .object({
    accessToken: z.string().nullable(),
    refreshToken: z.string().nullable(),
    expiresAt: z.string().nullable(),
    user: User,
    tenant: z.object({ id: z.string(), name: z.string() }),
    recoveryCodes: z.array(z.string()).readonly(),
  })
  .openapi('Registered');

export const OwnTenants = z
  .object({ data: z.array(TenantChoice.extend({ current: z.boolean() })).readonly() })
  .openapi('OwnTenants');

export const RegisterInput = z.object({
  email: emailField,
  password: passwordField,
  firstName: nameField.optional(),
  lastName: nameField.optional(),
  organization: nameField.optional(),
});

export const LoginInput = z.object({ email: emailField, password: passwordField, mfaCode: mfaCodeField.optional() });
export const RefreshInput = z.object({ refreshToken: secretField });
export const LogoutInput = z.object({ refreshToken: secretField.optional() });
export const ReauthenticateInput = z.object({ password: passwordField.optional(), mfaCode: mfaCodeField.optional() });
/** For an account that has neither. */
export const ReauthenticateElsewhereInput = StartInput.safeExtend({ providerId: z.string().max(63) });
export const SelectTenantInput = z.object({
  sessionToken: secretField,
  tenantId: z.string(),
  rememberChoice: z.boolean().optional(),
});
export const SwitchTenantInput = z.object({ tenantId: z.string(), refreshToken: secretField.optional() });
export const ImpersonateInput = z.object({
  tenantId: z.string(),
  reason: z
    .string()
    .max(MAX_IMPERSONATION_REASON_LENGTH)
    .regex(IMPERSONATION_REASON)
    .openapi({ example: 'support_request' }),
  note: remarkField.optional(),
  userId: z.string().optional().openapi({ description: 'A member; absent: the owner of the tenant.' }),
});

export const register = createRoute({
  method: 'post',
  path: '/auth/register',
  tags: TAGS,
  summary: 'Register a person, with a tenant of their own where the project allows it',
  request: { headers: PROJECT_HEADER, ...takes(RegisterInput) },
  responses: { 201: answer('Registered', Registered), ...problems(400, 403, 404, 409, 422) },
});

export const login = createRoute({
  method: 'post',
  path: '/auth/login',
  tags: TAGS,
  summary: 'Sign in; with the code of the authenticator app where the account has one',
  request: { headers: PROJECT_HEADER, ...takes(LoginInput) },
  responses: { 200: answer('Signed in, or a tenant is to be chosen', SignIn), ...problems(400, 401, 403, 404) },
});

export const refresh = createRoute({
  method: 'post',
  path: '/auth/refresh',
  tags: TAGS,
  summary: 'Exchange a refresh token for a new pair',
  request: { headers: PROJECT_HEADER, ...takes(RefreshInput) },
  responses: { 200: answer('A new pair', TokenPair), ...problems(400, 401, 403, 404) },
});

export const logout = createRoute({
  method: 'post',
  path: '/auth/logout',
  tags: TAGS,
  summary: 'End a session: the given one, or the one of the bearer',
  security: BEARER,
  request: takes(LogoutInput, { required: false }),
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404) },
});

export const reauthenticate = createRoute({
  method: 'post',
  path: '/auth/reauthenticate',
  tags: TAGS,
  summary:
    'Show all factors again, or where there are none the provider, for operations that need a fresh authentication',
  security: BEARER,
  request: takes(z.union([ReauthenticateInput, ReauthenticateElsewhereInput, ReturnInput])),
  responses: {
    200: answer('Authenticated again; or begun: where to go', z.union([Reauthenticated, StartedAtProvider])),
    ...problems(400, 401, 403, 404),
  },
});

export const ownTenants = createRoute({
  method: 'get',
  path: '/auth/tenants',
  tags: TAGS,
  summary: 'The tenants that one belongs to',
  security: BEARER,
  responses: { 200: answer('Own tenants', OwnTenants), ...problems(401, 403, 404) },
});

export const selectTenant = createRoute({
  method: 'post',
  path: '/auth/select-tenant',
  tags: TAGS,
  summary: 'Finish a sign-in by choosing the tenant',
  request: { headers: PROJECT_HEADER, ...takes(SelectTenantInput) },
  responses: { 200: answer('Signed in', TokenPair), ...problems(400, 401, 403, 404) },
});

export const switchTenant = createRoute({
  method: 'post',
  path: '/auth/switch-tenant',
  tags: TAGS,
  summary: 'Open a session in another tenant',
  security: BEARER,
  request: takes(SwitchTenantInput),
  responses: { 200: answer('Signed in there', TokenPair), ...problems(400, 401, 403, 404) },
});

export const impersonate = createRoute({
  method: 'post',
  path: '/auth/impersonate',
  tags: TAGS,
  summary: 'Act as a member of a tenant for an hour at most, on record; for the owner of the platform',
  security: BEARER,
  request: takes(ImpersonateInput),
  responses: { 200: answer('A pair that says who acts', TokenPair), ...problems(400, 401, 403, 404) },
});
