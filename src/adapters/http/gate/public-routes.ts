import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { UserActor } from '../../../application/actor.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { bearerToken } from '../middleware/bearer-token.ts';
import { readJson, readOptionalJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { publicGuard } from './gate-guard.ts';
import { describePublic } from './gate-operations.ts';
import { RefreshTokenBody, TotpCodeBody, TotpSetupBody } from './gate-schemas.ts';
import { meView, tokensView, verifiedView } from './gate-views.ts';

/** Keeps the users of a project signed in, and says who they are. */
export function publicRoutes(deps: HttpDependencies): OpenAPIHono<HttpEnvironment> {
  const { authentication, account, mfa } = deps.iam;
  const app = new OpenAPIHono<HttpEnvironment>();
  const guard = publicGuard(deps, 'general');
  describePublic(app);

  function authenticate(c: Context<HttpEnvironment>): Promise<UserActor> {
    const { projectId, origin } = c.get('visitor');
    return authentication.authenticate.execute({ token: bearerToken(c), dialect: 'gate', origin, projectId });
  }

  app.post('/pub/:project_id/auth/refresh', guard, async (c) => {
    const { refresh_token: refreshToken } = validated(RefreshTokenBody, await readJson(c));
    return c.json(tokensView(await authentication.refreshSession.execute(c.get('visitor'), { refreshToken })));
  });

  app.post('/pub/:project_id/auth/logout', guard, async (c) => {
    const { refresh_token: refreshToken } = validated(RefreshTokenBody, await readJson(c));
    await authentication.logout.execute(c.get('visitor'), { refreshToken });
    return c.body(null, 204);
  });

  app.get('/pub/:project_id/auth/me', guard, async (c) =>
    c.json(meView(await account.readProfile.execute(await authenticate(c)))),
  );

  app.post('/pub/:project_id/auth/verify', guard, async (c) => c.json(verifiedView(await authenticate(c))));

  app.post('/pub/:project_id/auth/totp/setup', guard, async (c) => {
    const actor = await authenticate(c);
    const { password } = validated(TotpSetupBody, await readOptionalJson(c));
    const { secret, uri } = await mfa.setUpTotp.execute(actor, { password: password ?? undefined });
    return c.json({ secret, uri });
  });

  app.post('/pub/:project_id/auth/totp/verify-setup', guard, async (c) => {
    const actor = await authenticate(c);
    await mfa.confirmTotp.execute(actor, validated(TotpCodeBody, await readJson(c)));
    return c.body(null, 204);
  });

  app.post('/pub/:project_id/auth/totp/disable', guard, async (c) => {
    const actor = await authenticate(c);
    await mfa.disableTotp.execute(actor, validated(TotpCodeBody, await readJson(c)));
    return c.body(null, 204);
  });

  return app;
}
