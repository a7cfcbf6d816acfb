import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER, NO_CONTENT, problems, takes } from './documented.ts';
import { ReturnInput, StartInput } from './provider-fields.ts';
import { Link, StartedAtProvider } from './provider-schemas.ts';

const TAGS = ['Sign in with a provider'];

const linkParams = z.object({ id: z.string(), providerId: z.string() });

export const linkProvider = createRoute({
  method: 'post',
  path: '/users/{id}/providers/{providerId}',
  tags: TAGS,
  summary: 'Begin to link a provider to oneself; then, with what the person brings back from there, link it',
  security: BEARER,
  request: { params: linkParams, ...takes(z.union([StartInput, ReturnInput]), { required: false }) },
  responses: {
    200: answer('Begun: where to go, and what to keep', StartedAtProvider),
    201: answer('Linked', Link),
    ...problems(400, 401, 403, 404, 409, 422),
  },
});

export const listLinks = createRoute({
  method: 'get',
  path: '/users/{id}/providers',
  tags: TAGS,
  summary: 'The providers that sign a person in: of oneself, or of somebody of the tenant',
  security: BEARER,
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: answer('All of them', z.object({ data: z.array(Link).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const unlinkProvider = createRoute({
  method: 'delete',
  path: '/users/{id}/providers/{providerId}',
  tags: TAGS,
  summary: 'Unlink a provider; never the last way in',
  security: BEARER,
  request: { params: linkParams },
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404, 409, 412) },
});
