import type { OpenAPIHono } from '@hono/zod-openapi';
import { PLATFORM_PROJECTS } from '../../../application/actor.ts';
import { ProjectId } from '../../../domain/project/project.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { etagOf, ifMatch, isKnownToCaller } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { pageAnswer, pageRequest } from './page.ts';
import { presentProject } from './presenters.ts';
import * as contract from './project-contract.ts';

/** What the owner of the platform does with projects. */
export function projectRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { projects }, httpKey, publicUrl }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createProject, actor('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('actor'), PLATFORM_PROJECTS);
    return once(c, { body, secret: false, authorise }, async () => {
      const input = validated(contract.CreateProjectInput, body);
      const project = presentProject(await projects.createProject.execute(c.get('actor'), input));
      return c.json(project, 201);
    });
  });

  serve(routes, contract.listProjects, actor('general'), async (c) => {
    const cursors = new CursorCodec(httpKey, `projects of ${c.get('project').id}`, ProjectId);
    const request = pageRequest(c, cursors);
    const page = await projects.listProjects.execute(c.get('actor'), request);
    const address = `${publicUrl}/api/v1/projects`;
    return pageAnswer(c, page, request, { present: presentProject, cursors, address });
  });

  serve(routes, contract.readProject, actor('general'), async (c) => {
    const id = identifier(ProjectId, c.req.param('id'));
    const project = presentProject(await projects.readProject.execute(c.get('actor'), id));
    return isKnownToCaller(c, project) ? c.body(null, 304) : c.json(project);
  });

  serve(routes, contract.changeProject, actor('general'), async (c) => {
    const id = identifier(ProjectId, c.req.param('id'));
    const input = validated(contract.ChangeProjectInput, await readJson(c));
    const change = { ...input, id, ifMatch: ifMatch(c, presentProject) };
    const project = presentProject(await projects.updateProject.execute(c.get('actor'), change));
    c.header('ETag', etagOf(project));
    return c.json(project);
  });
}
