import { z } from '@hono/zod-openapi';
import { MAX_PASSWORD_LENGTH } from '../../../domain/user/password-policy.ts';
import { isPlainName, isPlainText } from '../middleware/plain-text.ts';

const MAX_METADATA_BYTES = 16 * 1024;
const MAX_METADATA_DEPTH = 8;

const email = z.string().max(320).openapi({ example: 'ada@example.com' });

/** Counted in Unicode code points (NIST SP 800-63B-4 §3.1.1.2). */
const password = (min: number) =>
  z
    .string()
    .superRefine((value, context) => {
      const length = [...value].length;
      if (length < min) {
        const message = `must have at least ${min} characters`;
        context.addIssue({ code: 'custom', message, params: { code: 'TOO_SHORT' } });
      } else if (length > MAX_PASSWORD_LENGTH) {
        const message = `must have at most ${MAX_PASSWORD_LENGTH} characters`;
        context.addIssue({ code: 'custom', message, params: { code: 'TOO_LONG' } });
      }
    })
    .openapi({ format: 'password', minLength: min, maxLength: MAX_PASSWORD_LENGTH });

const metadata = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    if (Buffer.byteLength(JSON.stringify(value)) > MAX_METADATA_BYTES) {
      context.addIssue({ code: 'custom', message: 'must have at most 16 KiB', params: { code: 'TOO_LONG' } });
    }
    if (depthOf(value) > MAX_METADATA_DEPTH) {
      context.addIssue({ code: 'custom', message: 'must be at most 8 levels deep', params: { code: 'NOT_ALLOWED' } });
    }
  })
  .openapi({ description: 'The application’s own: at most 16 KiB, 8 levels deep.' });

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const otp = z.string().openapi({ example: '123456' });

const totpCode = z
  .string()
  .max(16)
  .openapi({ example: '123456', description: 'Six digits, in whatever way the person spaced them.' });

export const RegisterBody = z
  .object({
    email,
    password: password(8),
    name: z.string().max(256).refine(isPlainName, 'must not have control characters or ://').nullish(),
    phone: z.string().max(32).refine(isPlainText, 'must not have control characters').nullish(),
    metadata: metadata.nullish(),
  })
  .openapi('GateRegister');
export const LoginBody = z.object({ email, password: password(0) }).openapi('GateLogin');
export const LoginTotpBody = z
  .object({ login_ticket: z.string().max(128), totp_code: totpCode })
  .openapi('GateLoginTotp');
export const EmailBody = z.object({ email }).openapi('GateEmail');
export const VerifyEmailBody = z.object({ email, otp }).openapi('GateVerifyEmail');
export const ResetPasswordBody = z.object({ email, otp, new_password: password(8) }).openapi('GateResetPassword');
export const RefreshTokenBody = z.object({ refresh_token: z.string() }).openapi('PublicRefreshToken');
export const TotpSetupBody = z.object({ password: password(0).nullish() }).openapi('PublicTotpSetup');
export const TotpCodeBody = z.object({ code: totpCode }).openapi('PublicTotpCode');

const tokens = {
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.number().int().openapi({ example: 900 }),
};
const tokensOrNone = {
  access_token: tokens.access_token.nullable(),
  refresh_token: tokens.refresh_token.nullable(),
  token_type: tokens.token_type.nullable(),
  expires_in: tokens.expires_in.nullable(),
};
const lastLoginMethod = z.string().nullable().openapi({ description: 'Of the login before; null at the first.' });

export const RegisteredView = z
  .object({
    ...tokensOrNone,
    token_type: tokens.token_type,
    requires_email_verification: z.boolean(),
    last_login_method: z.null(),
  })
  .openapi('GateRegistered');
export const SignedInView = z
  .object({
    ...tokensOrNone,
    requires_totp: z.boolean(),
    login_ticket: z.string().nullable(),
    last_login_method: lastLoginMethod,
  })
  .openapi('GateSignedIn');
export const SignedInWithTotpView = z
  .object({ ...tokens, last_login_method: lastLoginMethod })
  .openapi('GateSignedInWithTotp');
export const TokensView = z.object(tokens).openapi('PublicTokens');
export const MeView = z
  .object({
    id: z.uuid(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    is_active: z.boolean(),
    email_verified: z.boolean(),
    totp_enabled: z.boolean(),
    metadata: z.record(z.string(), z.unknown()),
    last_login_method: lastLoginMethod,
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .openapi('PublicMe');
export const VerifiedView = z
  .object({
    valid: z.literal(true),
    user_id: z.uuid(),
    tenant_id: z.uuid(),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .openapi('PublicVerified');
export const PendingTotpView = z.object({ secret: z.string(), uri: z.string() }).openapi('PublicPendingTotp');
export const ErrorView = z.object({ detail: z.string() }).openapi('GateError');
export const InvalidInputView = z
  .object({ detail: z.array(z.object({ loc: z.array(z.string()), msg: z.string(), type: z.string() })) })
  .openapi('GateInvalidInput');
export const JwksView = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).openapi('Jwks');
