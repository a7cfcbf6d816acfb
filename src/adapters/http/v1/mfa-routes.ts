import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import * as contract from './mfa-contract.ts';
import { presentMfaSetup, presentSignIn } from './presenters.ts';

/** An authenticator app besides the password. */
export function mfaRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { mfa, providers } }: HttpDependencies,
  { visitor, actor }: Doors,
): void {
  serve(routes, contract.enableMfa, actor('general'), async (c) =>
    c.json(presentMfaSetup(await mfa.setUpTotp.execute(c.get('actor'), {}))),
  );

  serve(routes, contract.verifyMfa, actor('general'), async (c) => {
    const input = validated(contract.VerifyMfaInput, await readJson(c));
    const { recoveryCodesRemaining } = await mfa.confirmTotp.execute(c.get('actor'), input);
    return c.json({ mfaEnabled: true, recoveryCodesRemaining });
  });

  serve(routes, contract.challengeMfa, visitor('login'), async (c) => {
    const { challengeToken, mfaCode: code } = validated(contract.ChallengeMfaInput, await readJson(c));
    return c.json(
      presentSignIn(await providers.answerMfaChallenge.execute(c.get('visitor'), { challengeToken, code })),
    );
  });

  serve(routes, contract.disableMfa, actor('general'), async (c) => {
    const { password, mfaCode: code } = validated(contract.DisableMfaInput, await readJson(c));
    await mfa.disableTotp.execute(c.get('actor'), { code, password });
    return c.body(null, 204);
  });
}
