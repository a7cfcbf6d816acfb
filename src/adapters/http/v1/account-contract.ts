import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER, NO_CONTENT, PROJECT_HEADER, problems, takes } from './documented.ts';
import {
  emailField,
  jsonObjectField,
  nameField,
  passwordField,
  phoneField,
  secretField,
  webAddressField,
} from './fields.ts';
import { OwnProfile } from './user-contract.ts';

const TAGS = ['Account'];

export const Session = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    createdAt: z.string(),
    lastUsedAt: z.string(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    current: z.boolean(),
  })
  .openapi('Session');

export const EmailProven = z
  .object({
    emailVerified: z.literal(true),
    pendingEmail: z.string().optional().openapi({ description: 'Still pending: the other mailbox has not answered.' }),
  })
  .openapi('EmailProven');

export const ProfileChangeInput = z.object({
  firstName: nameField.nullable().optional(),
  lastName: nameField.nullable().optional(),
  avatarUrl: webAddressField.nullable().optional(),
  phone: phoneField.nullable().optional(),
  preferences: jsonObjectField.optional(),
  email: emailField.optional(),
});
export const ChangePasswordInput = z.object({ currentPassword: passwordField, newPassword: passwordField });
export const TokenInput = z.object({ token: secretField });
export const RequestResetInput = z.object({ email: emailField });
export const ResetPasswordInput = z.object({ token: secretField, newPassword: passwordField });

export const me = createRoute({
  method: 'get',
  path: '/auth/me',
  tags: TAGS,
  summary: 'Who one is, and what one may do',
  security: BEARER,
  responses: {
    200: answer('The caller', OwnProfile),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeMe = createRoute({
  method: 'patch',
  path: '/auth/me',
  tags: TAGS,
  summary: 'Change the own profile; a new email is pending until it is proven',
  security: BEARER,
  request: takes(ProfileChangeInput),
  responses: { 200: answer('The caller, changed', OwnProfile), ...problems(400, 401, 403, 404, 409, 412) },
});

export const changePassword = createRoute({
  method: 'post',
  path: '/auth/change-password',
  tags: TAGS,
  summary: 'Change the own password; the other sessions end',
  security: BEARER,
  request: takes(ChangePasswordInput),
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404, 409) },
});

export const sessions = createRoute({
  method: 'get',
  path: '/auth/sessions',
  tags: TAGS,
  summary: 'Where one is signed in',
  security: BEARER,
  responses: {
    200: answer('Own sessions', z.object({ data: z.array(Session).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const endSession = createRoute({
  method: 'delete',
  path: '/auth/sessions/{id}',
  tags: TAGS,
  summary: 'End one of the own sessions',
  security: BEARER,
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 412) },
});

export const endOtherSessions = createRoute({
  method: 'delete',
  path: '/auth/sessions',
  tags: TAGS,
  summary: 'End all own sessions but this one',
  security: BEARER,
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404) },
});

export const verifyEmail = createRoute({
  method: 'post',
  path: '/auth/verify-email',
  tags: TAGS,
  summary: 'Prove an address, or a pending new one, or agree to it, with the token of the mail',
  request: { headers: PROJECT_HEADER, ...takes(TokenInput) },
  responses: {
    200: answer('Proven', EmailProven),
    ...problems(400, 401, 403, 404, 409),
  },
});

export const requestVerifyEmail = createRoute({
  method: 'post',
  path: '/auth/request-verify-email',
  tags: TAGS,
  summary: 'Ask for the verification mail once more',
  security: BEARER,
  responses: { 202: { description: 'Asked for' }, ...problems(401, 403, 404) },
});

export const requestReset = createRoute({
  method: 'post',
  path: '/auth/request-reset',
  tags: TAGS,
  summary: 'Ask for a mail that resets the password; the answer is the same for every address',
  request: { headers: PROJECT_HEADER, ...takes(RequestResetInput) },
  responses: { 202: { description: 'Asked for' }, ...problems(400, 403, 404) },
});

export const resetPassword = createRoute({
  method: 'post',
  path: '/auth/reset-password',
  tags: TAGS,
  summary: 'Set a new password with the token of the mail; every session ends',
  request: { headers: PROJECT_HEADER, ...takes(ResetPasswordInput) },
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404) },
});

export const disown = createRoute({
  method: 'post',
  path: '/auth/disown',
  tags: TAGS,
  summary: 'This was not me: remove an unproven account that somebody made with this address',
  request: { headers: PROJECT_HEADER, ...takes(TokenInput) },
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404) },
});
