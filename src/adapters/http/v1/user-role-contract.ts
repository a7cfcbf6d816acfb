import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER_OR_KEY, NO_CONTENT, problems, takes } from './documented.ts';

const TAGS = ['Users'];

export const AssignRoleInput = z.object({
  role: z.string().min(1).max(128).openapi({ description: 'Slug or id.', example: 'member' }),
});

export const AssignedRoles = z.object({ roles: z.array(z.string()).readonly() }).openapi('AssignedRoles');

export const ResolvedPermissions = z
  .object({
    userId: z.string(),
    tenantId: z.string(),
    roles: z.array(z.string()).readonly(),
    permissions: z.array(z.string()).readonly(),
  })
  .openapi('ResolvedPermissions');

const idParam = z.object({ id: z.string() });

export const assignRole = createRoute({
  method: 'post',
  path: '/users/{id}/roles',
  tags: TAGS,
  summary: 'Give a person a role whose permissions one holds oneself',
  security: BEARER_OR_KEY,
  request: { params: idParam, ...takes(AssignRoleInput) },
  responses: { 200: answer('All roles of the person', AssignedRoles), ...problems(400, 401, 403, 404, 409) },
});

export const unassignRole = createRoute({
  method: 'delete',
  path: '/users/{id}/roles/{role}',
  tags: TAGS,
  summary: 'Take a role from a person',
  security: BEARER_OR_KEY,
  request: { params: idParam.extend({ role: z.string().openapi({ description: 'Slug or id.' }) }) },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});

export const readPermissions = createRoute({
  method: 'get',
  path: '/users/{id}/permissions',
  tags: TAGS,
  summary: 'What a person may do in the tenant: the union of their roles',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: {
    200: answer('Roles and permissions', ResolvedPermissions),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});
