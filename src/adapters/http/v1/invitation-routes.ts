import type { OpenAPIHono } from '@hono/zod-openapi';
import type { UserActor } from '../../../application/actor.ts';
import { InvitationId } from '../../../domain/tenant/invitation.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import * as contract from './invitation-contract.ts';
import { pageAnswer, pageRequest } from './page.ts';
import { presentTokens } from './presenters.ts';
import { presentInvitation, presentInvited, presentMember } from './tenancy-presenters.ts';
import { InviteInput } from './user-contract.ts';

/** How people come into a tenant. */
export function invitationRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { users, invitations }, httpKey, publicUrl }: HttpDependencies,
  { actor, anybody }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.invite, actor('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('actor'), 'users.create');
    return once(c, { body, secret: false, authorise }, async () => {
      const { invitation } = await users.invitePerson.execute(c.get('actor'), validated(InviteInput, body));
      return c.json(presentInvited(invitation), 201);
    });
  });

  serve(routes, contract.acceptInvite, anybody('register'), async (c) => {
    const body = await readJson(c);
    return once(c, { body, secret: true }, async () => {
      const input = validated(contract.AcceptInviteInput, body);
      const signedIn: UserActor | undefined = c.get('actor');
      const { tokens, user } = await invitations.acceptInvitation.execute(signedIn ?? c.get('visitor'), input);
      return c.json({ ...presentTokens(tokens), user: presentMember(user) }, 201);
    });
  });

  serve(routes, contract.listInvitations, actor('general'), async (c) => {
    const cursors = new CursorCodec(httpKey, `invitations of ${c.get('actor').tenantId}`, InvitationId);
    const request = pageRequest(c, cursors);
    const page = await invitations.listInvitations.execute(c.get('actor'), request);
    const address = `${publicUrl}/api/v1/invitations`;
    return pageAnswer(c, page, request, { present: presentInvitation, cursors, address });
  });

  serve(routes, contract.resendInvitation, actor('general'), async (c) => {
    await invitations.resendInvitation.execute(c.get('actor'), identifier(InvitationId, c.req.param('id')));
    return c.body(null, 202);
  });

  serve(routes, contract.revokeInvitation, actor('general'), async (c) => {
    const id = identifier(InvitationId, c.req.param('id'));
    assertIfMatchIsAny(c);
    await invitations.revokeInvitation.execute(c.get('actor'), id);
    return c.body(null, 204);
  });
}
