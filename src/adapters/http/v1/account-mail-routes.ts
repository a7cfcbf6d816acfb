import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import * as contract from './account-contract.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';

/** What goes through the person's mailbox: proof of the address, a forgotten password, "this was not me". */
export function accountMailRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { account } }: HttpDependencies,
  { visitor, actor }: Doors,
): void {
  serve(routes, contract.verifyEmail, visitor('general'), async (c) => {
    const input = validated(contract.TokenInput, await readJson(c));
    return c.json(await account.verifyEmailByLink.execute(c.get('visitor'), input));
  });

  serve(routes, contract.requestVerifyEmail, actor('passwordReset'), async (c) => {
    await account.requestVerification.execute(c.get('actor'));
    return c.body(null, 202);
  });

  serve(routes, contract.requestReset, visitor('passwordReset'), async (c) => {
    const input = validated(contract.RequestResetInput, await readJson(c));
    await account.requestPasswordReset.execute(c.get('visitor'), input);
    return c.body(null, 202);
  });

  serve(routes, contract.resetPassword, visitor('passwordReset'), async (c) => {
    const input = validated(contract.ResetPasswordInput, await readJson(c));
    await account.resetPasswordByLink.execute(c.get('visitor'), input);
    return c.body(null, 204);
  });

  serve(routes, contract.disown, visitor('general'), async (c) => {
    const input = validated(contract.TokenInput, await readJson(c));
    await account.disown.execute(c.get('visitor'), input);
    return c.body(null, 204);
  });
}
