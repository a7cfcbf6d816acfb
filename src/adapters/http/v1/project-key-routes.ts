import type { OpenAPIHono } from '@hono/zod-openapi';
import { PLATFORM_PROJECTS } from '../../../application/actor.ts';
import { ApiKeyId } from '../../../domain/project/api-key.ts';
import { ProjectId } from '../../../domain/project/project.ts';
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
import { pageAnswer, pageRequest } from './page.ts';
import { presentApiKey, presentCreatedApiKey, presentSigningKey } from './presenters.ts';
import * as contract from './project-contract.ts';

/** API keys and signing keys of a project. */
export function projectKeyRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { projects }, httpKey, publicUrl }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createApiKey, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('actor'), PLATFORM_PROJECTS);
    return once(c, { body, secret: true, authorise }, async () => {
      const { name, permissions, expiresAt } = validated(contract.CreateApiKeyInput, body);
      const { key, apiKey } = await projects.createApiKey.execute(c.get('actor'), {
        projectId,
        name,
        permissions: [...new Set(permissions)],
        ...(expiresAt ? { expiresAt: new Date(expiresAt) } : {}),
      });
      return c.json(presentCreatedApiKey(key, apiKey), 201);
    });
  });

  serve(routes, contract.listApiKeys, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const cursors = new CursorCodec(httpKey, `api-keys of ${projectId}`, ApiKeyId);
    const request = pageRequest(c, cursors);
    const page = await projects.listApiKeys.execute(c.get('actor'), projectId, request);
    const address = `${publicUrl}/api/v1/projects/${projectId}/api-keys`;
    return pageAnswer(c, page, request, { present: presentApiKey, cursors, address });
  });

  serve(routes, contract.revokeApiKey, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    const apiKeyId = identifier(ApiKeyId, c.req.param('keyId'));
    assertIfMatchIsAny(c);
    await projects.revokeApiKey.execute(c.get('actor'), { projectId, apiKeyId });
    return c.body(null, 204);
  });

  serve(routes, contract.listSigningKeys, actor('general'), async (c) => {
    const keys = await projects.listSigningKeys.execute(c.get('actor'), identifier(ProjectId, c.req.param('id')));
    return c.json({ data: keys.map(presentSigningKey) });
  });

  serve(routes, contract.rotateSigningKeys, actor('general'), async (c) => {
    const keys = await projects.rotateSigningKeys.execute(c.get('actor'), identifier(ProjectId, c.req.param('id')));
    return c.json({ keys: keys.map(presentSigningKey) });
  });

  serve(routes, contract.removeSigningKey, actor('general'), async (c) => {
    const projectId = identifier(ProjectId, c.req.param('id'));
    assertIfMatchIsAny(c);
    await projects.removeSigningKey.execute(c.get('actor'), { projectId, kid: c.req.param('kid') ?? '' });
    return c.body(null, 204);
  });
}
