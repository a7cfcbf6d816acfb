import { createRoute, z } from '@hono/zod-openapi';
import { SignIn } from './authentication-contract.ts';
import { answer, BEARER, PROBLEM_CONTENT, PROJECT_HEADER, problems, takes } from './documented.ts';
import { emailField, mfaCodeField, passwordField, recoveryCodeField } from './fields.ts';

const TAGS = ['Recovery'];

export const RecoveryCodesLeft = z
  .object({
    remaining: z.int(),
    total: z.int().openapi({ example: 10 }),
    generatedAt: z.string().nullable().openapi({ description: 'Null when there never were any.' }),
  })
  .openapi('RecoveryCodesLeft');

const Recovered = SignIn.and(z.object({ recoveryCodesRemaining: z.int() })).openapi('Recovered');
const NewRecoveryCodes = z.object({ recoveryCodes: z.array(z.string()).readonly() }).openapi('NewRecoveryCodes');

export const RecoverInput = z.object({
  email: emailField,
  recoveryCode: recoveryCodeField,
  newPassword: passwordField.optional(),
  newEmail: emailField.optional().openapi({ description: 'Pending until it is proven.' }),
  disableMfa: z.boolean().optional().openapi({ description: 'Turns the second factor off.' }),
});
export const RegenerateInput = z.object({ password: passwordField.optional(), mfaCode: mfaCodeField.optional() });

/** The one refusal with 403 that may end by itself. */
const LOCKED = {
  description: 'Closed by policy or state; locked after wrong codes: until Retry-After, or without it until unlocked',
  headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
  content: PROBLEM_CONTENT,
};

export const recover = createRoute({
  method: 'post',
  path: '/auth/recovery',
  tags: TAGS,
  summary: 'Sign in with a recovery code in place of every factor; it is spent, and the other sessions end',
  request: { headers: PROJECT_HEADER, ...takes(RecoverInput) },
  responses: {
    200: answer('Signed in, or a tenant is to be chosen', Recovered),
    ...problems(400, 401, 404),
    403: LOCKED,
  },
});

export const recoveryCodes = createRoute({
  method: 'get',
  path: '/auth/recovery-codes',
  tags: TAGS,
  summary: 'How many of the own recovery codes are left',
  security: BEARER,
  responses: { 200: answer('How many are left', RecoveryCodesLeft), ...problems(401, 403, 404) },
});

export const regenerateRecoveryCodes = createRoute({
  method: 'post',
  path: '/auth/recovery-codes/regenerate',
  tags: TAGS,
  summary: 'Make new recovery codes with all factors that the account has; the older ones die',
  security: BEARER,
  request: takes(RegenerateInput),
  responses: {
    200: answer('The new codes; shown this once', NewRecoveryCodes),
    ...problems(400, 401, 403, 404),
  },
});
