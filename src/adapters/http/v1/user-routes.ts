import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { ifMatch, isKnownToCaller } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { pageAnswer, pageRequest, readQuery } from './page.ts';
import { presentMember, presentMemberWithSummary } from './tenancy-presenters.ts';
import * as contract from './user-contract.ts';

/** The people of a tenant. */
export function userRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { users }, httpKey, publicUrl }: HttpDependencies,
  { administrator }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createUser, administrator('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('administrator'), 'users.create');
    return once(c, { body, secret: false, authorise }, async () => {
      const input = validated(contract.CreateUserInput, body);
      const { member } = await users.invitePerson.execute(c.get('administrator'), input);
      return c.json(presentMember(member), 201);
    });
  });

  serve(routes, contract.listUsers, administrator('general'), async (c) => {
    const { includeDeleted = false, ...filter } = readQuery(c, contract.UserQuery);
    const { tenantId } = c.get('administrator');
    const list = `users of ${tenantId} where ${JSON.stringify({ includeDeleted, ...filter })}`;
    const cursors = new CursorCodec(httpKey, list, UserId);
    const request = pageRequest(c, cursors);
    const page = await users.listMembers.execute(c.get('administrator'), { includeDeleted, ...filter }, request);
    const items = page.items.map((member) => ({ id: member.user.id, ...member }));
    return pageAnswer(c, { ...page, items }, request, {
      present: presentMember,
      cursors,
      address: `${publicUrl}/api/v1/users`,
      filter: { ...filter, includeDeleted: includeDeleted ? 'true' : undefined },
    });
  });

  serve(routes, contract.readUser, administrator('general'), async (c) => {
    const member = await users.readMember.execute(c.get('administrator'), userIdOf(c));
    const user = presentMemberWithSummary(member);
    return isKnownToCaller(c, user) ? c.body(null, 304) : c.json(user);
  });

  serve(routes, contract.changeUser, administrator('general'), async (c) => {
    const userId = userIdOf(c);
    const input = validated(contract.ChangeUserInput, await readJson(c));
    const change = { ...input, userId, ifMatch: ifMatch(c, presentMemberWithSummary) };
    return c.json(presentMember(await users.updateUser.execute(c.get('administrator'), change)));
  });

  serve(routes, contract.deleteUser, administrator('general'), async (c) => {
    const userId = userIdOf(c);
    await users.deleteUser.execute(c.get('administrator'), { userId, ifMatch: ifMatch(c, presentMemberWithSummary) });
    return c.body(null, 204);
  });

  for (const route of [contract.restoreUser, contract.restoreUserByPost]) {
    serve(routes, route, administrator('general'), async (c) => {
      const restore = { userId: userIdOf(c), ifMatch: ifMatch(c, presentMemberWithSummary) };
      return c.json(presentMember(await users.restoreUser.execute(c.get('administrator'), restore)));
    });
  }
}

function userIdOf(c: Context<HttpEnvironment>): UserId {
  return identifier(UserId, c.req.param('id'));
}
