import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER_OR_KEY, NO_CONTENT, problems, takes } from './documented.ts';
import { flagField, nameField, permissionField, remarkField } from './fields.ts';
import { listOf, PageQuery } from './page.ts';

const TAGS = ['Roles'];

export const Role = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string().nullable(),
    permissions: z.array(z.string()).readonly(),
    tenantId: z.string(),
    builtIn: z.boolean(),
    createdBy: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Role');

export const CreateRoleInput = z.object({
  name: nameField.openapi({ example: 'Support Manager' }),
  description: remarkField.nullable().optional(),
  permissions: z.array(permissionField),
});
export const ChangeRoleInput = z.object({
  name: nameField.optional(),
  description: remarkField.nullable().optional(),
  permissions: z.array(permissionField).optional(),
});
export const ForceQuery = z.object({
  force: flagField.optional().openapi({ description: 'Also what is in use: whoever has it loses it.' }),
});

export const CheckPermissionInput = z.object({
  permission: permissionField,
  userId: z.string().optional().openapi({ description: 'Somebody else of the tenant; needs `users.list`.' }),
});

export const CheckedPermission = z
  .object({
    allowed: z.boolean(),
    matchedBy: z.object({ role: z.string(), permission: z.string() }).nullable(),
    explanation: z.string(),
  })
  .openapi('CheckedPermission');

const idParam = z.object({ id: z.string() });

export const createRole = createRoute({
  method: 'post',
  path: '/roles',
  tags: TAGS,
  summary: 'Compose a role of permissions that one holds oneself',
  security: BEARER_OR_KEY,
  request: takes(CreateRoleInput),
  responses: { 201: answer('Created', Role), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listRoles = createRoute({
  method: 'get',
  path: '/roles',
  tags: TAGS,
  summary: 'The roles of the tenant, newest first',
  security: BEARER_OR_KEY,
  request: { query: PageQuery },
  responses: { 200: answer('One page', listOf(Role)), ...problems(400, 401, 403, 404) },
});

export const readRole = createRoute({
  method: 'get',
  path: '/roles/{id}',
  tags: TAGS,
  summary: 'One role',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: {
    200: answer('The role', Role),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeRole = createRoute({
  method: 'patch',
  path: '/roles/{id}',
  tags: TAGS,
  summary: 'Change a role; its slug stays, and running sessions have the change within two seconds',
  security: BEARER_OR_KEY,
  request: { params: idParam, ...takes(ChangeRoleInput) },
  responses: { 200: answer('The role, changed', Role), ...problems(400, 401, 403, 404, 409, 412) },
});

export const deleteRole = createRoute({
  method: 'delete',
  path: '/roles/{id}',
  tags: TAGS,
  summary: 'Delete a role',
  security: BEARER_OR_KEY,
  request: { params: idParam, query: ForceQuery },
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404, 409, 412) },
});

export const checkPermission = createRoute({
  method: 'post',
  path: '/authz/check',
  tags: TAGS,
  summary: 'Whether somebody may do something in the tenant, and why',
  security: BEARER_OR_KEY,
  request: takes(CheckPermissionInput),
  responses: { 200: answer('Allowed or not', CheckedPermission), ...problems(400, 401, 403, 404) },
});
