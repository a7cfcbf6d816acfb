import type { OpenAPIHono } from '@hono/zod-openapi';
import { PLATFORM_PROJECTS } from '../../../application/actor.ts';
import { ProjectId } from '../../../domain/project/project.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import * as contract from './provider-configuration-contract.ts';
import { providerInPath } from './provider-in-path.ts';
import { presentProvider } from './provider-presenters.ts';

/** Which providers the people of a project may sign in with. */
export function providerConfigurationRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { providers } }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.configureProvider, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('actor'), PLATFORM_PROJECTS);
    return once(c, { body, secret: false, authorise }, async () => {
      const input = { ...validated(contract.ConfigureProviderInput, body), projectId };
      return c.json(presentProvider(await providers.configureProvider.execute(c.get('actor'), input)), 201);
    });
  });

  serve(routes, contract.listProviders, actor('general'), async (c) => {
    const configured = await providers.listProviders.execute(c.get('actor'), identifier(ProjectId, c.req.param('id')));
    return c.json({ data: configured.map(presentProvider) });
  });

  serve(routes, contract.changeProvider, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const id = providerInPath(c);
    const change = validated(contract.ChangeProviderInput, await readJson(c));
    assertIfMatchIsAny(c);
    const changed = await providers.changeProvider.execute(c.get('actor'), { ...change, projectId, id });
    return c.json(presentProvider(changed));
  });

  serve(routes, contract.removeProvider, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const id = providerInPath(c);
    assertIfMatchIsAny(c);
    await providers.removeProvider.execute(c.get('actor'), { projectId, id });
    return c.body(null, 204);
  });
}
