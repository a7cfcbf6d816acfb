import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { nameInPath } from './identifier.ts';
import * as contract from './module-contract.ts';
import { readQuery } from './page.ts';
import { ForceQuery } from './role-contract.ts';
import { presentModule } from './tenancy-presenters.ts';

/** What applications bring to a project: permissions under a prefix of their own. */
export function moduleRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { roles } }: HttpDependencies,
  { administrator }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.listPermissions, administrator('general'), async (c) =>
    c.json({ data: await roles.listPermissions.execute(c.get('administrator')) }),
  );

  serve(routes, contract.listModules, administrator('general'), async (c) => {
    const modules = await roles.listModules.execute(c.get('administrator'));
    return c.json({ data: modules.map(presentModule) });
  });

  serve(routes, contract.installModule, administrator('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('administrator'), 'modules.install');
    return once(c, { body, secret: false, authorise }, async () => {
      const input = validated(contract.InstallModuleInput, body);
      return c.json(presentModule(await roles.installModule.execute(c.get('administrator'), input)), 201);
    });
  });

  serve(routes, contract.uninstallModule, administrator('general'), async (c) => {
    const name = nameInPath(c.req.param('name'));
    const { force } = readQuery(c, ForceQuery);
    assertIfMatchIsAny(c);
    await roles.uninstallModule.execute(c.get('administrator'), { name, force });
    return c.body(null, 204);
  });
}
