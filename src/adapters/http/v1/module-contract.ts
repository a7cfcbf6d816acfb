import { createRoute, z } from '@hono/zod-openapi';
import { MAX_MODULE_PERMISSIONS } from '../../../domain/role/permission-module.ts';
import { answer, BEARER_OR_KEY, KEY_PROJECT_HEADER, NO_CONTENT, problems, takes } from './documented.ts';
import { permissionField, remarkField } from './fields.ts';
import { ForceQuery } from './role-contract.ts';

const TAGS = ['Modules'];

export const ListedPermission = z
  .object({ name: z.string(), module: z.string(), description: z.string(), assignable: z.boolean() })
  .openapi('ListedPermission');

const PermissionEntry = z.object({ name: z.string(), description: z.string() });

export const Module = z
  .object({
    name: z.string(),
    permissions: z.array(PermissionEntry).readonly(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Module');

export const InstallModuleInput = z.object({
  name: permissionField.openapi({ example: 'crm' }),
  permissions: z
    .array(z.object({ name: permissionField.openapi({ example: 'crm.tickets.close' }), description: remarkField }))
    .max(MAX_MODULE_PERMISSIONS)
    .openapi({ description: 'Each name starts with the module’s and a dot or a colon.' }),
});

export const listPermissions = createRoute({
  method: 'get',
  path: '/permissions',
  tags: TAGS,
  summary: 'Every permission that is registered, the kernel’s and those of modules',
  security: BEARER_OR_KEY,
  request: { headers: KEY_PROJECT_HEADER },
  responses: {
    200: answer('All permissions', z.object({ data: z.array(ListedPermission).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const listModules = createRoute({
  method: 'get',
  path: '/modules',
  tags: TAGS,
  summary: 'The modules of the project',
  security: BEARER_OR_KEY,
  request: { headers: KEY_PROJECT_HEADER },
  responses: {
    200: answer('All modules', z.object({ data: z.array(Module).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const installModule = createRoute({
  method: 'post',
  path: '/modules',
  tags: TAGS,
  summary: 'Register the permissions of a module, or of another release of it',
  security: BEARER_OR_KEY,
  request: { headers: KEY_PROJECT_HEADER, ...takes(InstallModuleInput) },
  responses: { 201: answer('Registered', Module), ...problems(400, 401, 403, 404, 409, 422) },
});

export const uninstallModule = createRoute({
  method: 'delete',
  path: '/modules/{name}',
  tags: TAGS,
  summary: 'Take the permissions of a module out of the project',
  security: BEARER_OR_KEY,
  request: { headers: KEY_PROJECT_HEADER, params: z.object({ name: z.string() }), query: ForceQuery },
  responses: { 204: NO_CONTENT, ...problems(400, 401, 403, 404, 409, 412) },
});
