import type { OpenAPIHono } from '@hono/zod-openapi';
import { SessionId } from '../../../domain/session/refresh-token.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import * as contract from './account-contract.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny, etagOf, ifMatch, isKnownToCaller } from './etag.ts';
import { identifier } from './identifier.ts';
import { presentProfile, presentSession } from './presenters.ts';

/** What a person does with their own account. */
export function accountRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { account } }: HttpDependencies,
  { actor }: Doors,
): void {
  serve(routes, contract.me, actor('general'), async (c) => {
    const profile = presentProfile(await account.readProfile.execute(c.get('actor')));
    return isKnownToCaller(c, profile) ? c.body(null, 304) : c.json(profile);
  });

  serve(routes, contract.changeMe, actor('general'), async (c) => {
    const input = validated(contract.ProfileChangeInput, await readJson(c));
    const change = { ...input, ifMatch: ifMatch(c, presentProfile) };
    const profile = presentProfile(await account.updateProfile.execute(c.get('actor'), change));
    c.header('ETag', etagOf(profile));
    return c.json(profile);
  });

  serve(routes, contract.changePassword, actor('general'), async (c) => {
    const input = validated(contract.ChangePasswordInput, await readJson(c));
    await account.changePassword.execute(c.get('actor'), input);
    return c.body(null, 204);
  });

  serve(routes, contract.sessions, actor('general'), async (c) => {
    const { sessionId } = c.get('actor');
    const sessions = await account.listSessions.execute(c.get('actor'));
    return c.json({ data: sessions.map((session) => presentSession(session, sessionId)) });
  });

  serve(routes, contract.endSession, actor('general'), async (c) => {
    assertIfMatchIsAny(c);
    await account.endSession.execute(c.get('actor'), identifier(SessionId, c.req.param('id')));
    return c.body(null, 204);
  });

  serve(routes, contract.endOtherSessions, actor('general'), async (c) => {
    await account.endOtherSessions.execute(c.get('actor'));
    return c.body(null, 204);
  });
}
