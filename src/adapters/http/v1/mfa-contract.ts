import { createRoute, z } from '@hono/zod-openapi';
import { SignIn } from './authentication-contract.ts';
import { answer, BEARER, NO_CONTENT, PROJECT_HEADER, problems, takes } from './documented.ts';
import { mfaCodeField, passwordField, secretField } from './fields.ts';

const TAGS = ['Second factor'];

export const MfaSetup = z
  .object({
    secret: z.string().openapi({ description: 'Base32, for an app that cannot scan.' }),
    otpauthUri: z.string(),
    qrCodeSvg: z.string().openapi({ description: 'An SVG document that shows `otpauthUri` as a QR code.' }),
    recoveryCodes: z.array(z.string()).readonly(),
  })
  .openapi('MfaSetup');

export const MfaEnabled = z
  .object({ mfaEnabled: z.literal(true), recoveryCodesRemaining: z.int() })
  .openapi('MfaEnabled');

export const VerifyMfaInput = z.object({ code: mfaCodeField });
export const ChallengeMfaInput = z.object({ challengeToken: secretField, mfaCode: mfaCodeField });
export const DisableMfaInput = z.object({
  password: passwordField.optional().openapi({ description: 'Left out by an account that has none.' }),
  mfaCode: mfaCodeField,
});

export const enableMfa = createRoute({
  method: 'post',
  path: '/auth/mfa/enable',
  tags: TAGS,
  summary: 'Begin to set an authenticator app up; replaces a set-up that is not finished',
  security: BEARER,
  responses: {
    200: answer('What the app is to be given, and recovery codes; shown this once', MfaSetup),
    ...problems(401, 403, 404),
  },
});

export const verifyMfa = createRoute({
  method: 'post',
  path: '/auth/mfa/verify',
  tags: TAGS,
  summary: 'Finish the set-up with a code of the app; its recovery codes become the valid ones, the other sessions end',
  security: BEARER,
  request: takes(VerifyMfaInput),
  responses: { 200: answer('Signing in takes a code from now on', MfaEnabled), ...problems(400, 401, 403, 404) },
});

export const challengeMfa = createRoute({
  method: 'post',
  path: '/auth/mfa/challenge',
  tags: TAGS,
  summary: 'Finish a sign-in by a provider with a code of the app',
  request: { headers: PROJECT_HEADER, ...takes(ChallengeMfaInput) },
  responses: { 200: answer('Signed in, or a tenant is to be chosen', SignIn), ...problems(400, 401, 403, 404) },
});

export const disableMfa = createRoute({
  method: 'post',
  path: '/auth/mfa/disable',
  tags: TAGS,
  summary: 'Turn the second factor off with all factors; the other sessions end',
  security: BEARER,
  request: takes(DisableMfaInput),
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404) },
});
