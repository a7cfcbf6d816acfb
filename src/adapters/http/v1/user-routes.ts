import type { OpenAPIHono } from '@hono/zod-openapi';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import { identifier } from './identifier.ts';
import { presentUser } from './presenters.ts';
import * as contract from './user-contract.ts';

/** What is done with the accounts of others. */
export function userRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { users } }: HttpDependencies,
  { actor }: Doors,
): void {
  serve(routes, contract.changeUser, actor('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    validated(contract.ChangeUserInput, await readJson(c));
    assertIfMatchIsAny(c);
    const { projectId, tenantId } = c.get('actor');
    const { user, roles } = await users.unlockUser.execute(c.get('actor'), { projectId, userId });
    return c.json(presentUser(user, { tenantId, roles }));
  });
}
