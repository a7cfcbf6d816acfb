import type { OpenAPIHono } from '@hono/zod-openapi';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readOptionalJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { answerOf, isReturn, ReturnInput, StartInput, walletOf } from './provider-fields.ts';
import { providerInPath } from './provider-in-path.ts';
import * as contract from './provider-link-contract.ts';
import { presentLink, presentStarted } from './provider-presenters.ts';

/** Which providers sign a person in. */
export function providerLinkRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { providers } }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.linkProvider, actor('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    const providerId = providerInPath(c);
    const body = await readOptionalJson(c);
    if (!isReturn(body)) {
      const { returnTo, ...wallet } = validated(StartInput, body);
      const start = { userId, providerId, returnTo, wallet: walletOf(wallet) };
      return c.json(presentStarted(await providers.startLink.execute(c.get('actor'), start)));
    }
    const authorise = () => assertAllowed(c.get('actor'));
    return once(c, { body, secret: false, authorise }, async () => {
      const back = validated(ReturnInput, body);
      const { state, verifier } = back;
      const input = { userId, providerId, state, verifier, answer: answerOf(back) };
      return c.json(presentLink(await providers.finishLink.execute(c.get('actor'), input)), 201);
    });
  });

  serve(routes, contract.listLinks, actor('general'), async (c) => {
    const links = await providers.listLinks.execute(c.get('actor'), identifier(UserId, c.req.param('id')));
    return c.json({ data: links.map(presentLink) });
  });

  serve(routes, contract.unlinkProvider, actor('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    const providerId = providerInPath(c);
    assertIfMatchIsAny(c);
    await providers.unlink.execute(c.get('actor'), { userId, providerId });
    return c.body(null, 204);
  });
}
