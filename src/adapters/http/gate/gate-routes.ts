import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { gateGuard } from './gate-guard.ts';
import { describeGate } from './gate-operations.ts';
import {
  EmailBody,
  LoginBody,
  LoginTotpBody,
  RegisterBody,
  ResetPasswordBody,
  VerifyEmailBody,
} from './gate-schemas.ts';
import { registeredView, signedInView, signedInWithTotpView } from './gate-views.ts';

/** Signs the users of a project up and in, on behalf of its back end. */
export function gateRoutes(deps: HttpDependencies): OpenAPIHono<HttpEnvironment> {
  const { authentication, account } = deps.iam;
  const app = new OpenAPIHono<HttpEnvironment>();
  describeGate(app);

  app.post('/gate/:project_id/auth/register', gateGuard(deps, 'register'), async (c) => {
    const { email, password, name, phone, metadata } = validated(RegisterBody, await readJson(c));
    const registered = await authentication.register.execute(c.get('visitor'), {
      email,
      password,
      firstName: name ?? undefined,
      phone: phone ?? undefined,
      metadata: metadata ?? undefined,
    });
    return c.json(registeredView(registered.tokens), 201);
  });

  app.post('/gate/:project_id/auth/verify-email', gateGuard(deps, 'general'), async (c) => {
    await account.verifyEmailByCode.execute(c.get('visitor'), validated(VerifyEmailBody, await readJson(c)));
    return c.body(null, 204);
  });

  app.post('/gate/:project_id/auth/resend-verification', gateGuard(deps, 'passwordReset'), async (c) => {
    await account.resendVerification.execute(c.get('visitor'), validated(EmailBody, await readJson(c)));
    return c.body(null, 204);
  });

  app.post('/gate/:project_id/auth/login', gateGuard(deps, 'login'), async (c) => {
    const signIn = await authentication.login.execute(c.get('visitor'), validated(LoginBody, await readJson(c)));
    return c.json(signedInView(signIn));
  });

  app.post('/gate/:project_id/auth/login/totp', gateGuard(deps, 'login'), async (c) => {
    const { login_ticket: ticket, totp_code: code } = validated(LoginTotpBody, await readJson(c));
    return c.json(
      signedInWithTotpView(await authentication.loginWithTicket.execute(c.get('visitor'), { ticket, code })),
    );
  });

  app.post('/gate/:project_id/auth/forgot-password', gateGuard(deps, 'passwordReset'), async (c) => {
    await account.requestPasswordReset.execute(c.get('visitor'), validated(EmailBody, await readJson(c)));
    return c.body(null, 204);
  });

  app.post('/gate/:project_id/auth/reset-password', gateGuard(deps, 'passwordReset'), async (c) => {
    const { email, otp, new_password: newPassword } = validated(ResetPasswordBody, await readJson(c));
    await account.resetPasswordByCode.execute(c.get('visitor'), { email, otp, newPassword });
    return c.body(null, 204);
  });

  return app;
}
