import { createRoute, z } from '@hono/zod-openapi';
import { API_KEY_PERMISSIONS } from '../../../domain/project/api-key.ts';
import { answer, BEARER, NO_CONTENT, problems, takes } from './documented.ts';
import { momentField, nameField } from './fields.ts';
import { listOf, PageQuery } from './page.ts';
import { Settings, SettingsPatch } from './project-settings-contract.ts';

const TAGS = ['Projects'];

export const Project = z
  .object({
    id: z.string(),
    name: z.string(),
    rootTenantId: z.string(),
    settings: Settings,
    createdAt: z.string(),
  })
  .openapi('Project');

const apiKeyFields = {
  prefix: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(API_KEY_PERMISSIONS)).readonly(),
  expiresAt: z.string().nullable(),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
};
export const ApiKey = z.object({ id: z.string(), ...apiKeyFields }).openapi('ApiKey');
export const CreatedApiKey = z.object({ id: z.string(), key: z.string(), ...apiKeyFields }).openapi('CreatedApiKey');

export const SigningKey = z
  .object({
    kid: z.string(),
    algorithm: z.enum(['RS256', 'ES256', 'Ed25519']),
    stage: z.enum(['next', 'current', 'previous', 'retired']),
    publicJwk: z.record(z.string(), z.string()).readonly(),
    createdAt: z.string(),
    activatedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
  })
  .openapi('SigningKey');

export const CreateProjectInput = z.object({ name: nameField, settings: SettingsPatch.optional() });
export const ChangeProjectInput = z.object({ name: nameField.optional(), settings: SettingsPatch.optional() });
export const CreateApiKeyInput = z.object({
  name: nameField,
  permissions: z.array(z.enum(API_KEY_PERMISSIONS)).min(1).max(16),
  expiresAt: momentField.nullable().optional(),
});

const idParam = z.object({ id: z.string() });

export const createProject = createRoute({
  method: 'post',
  path: '/projects',
  tags: TAGS,
  summary: 'Create a project',
  security: BEARER,
  request: takes(CreateProjectInput),
  responses: { 201: answer('Created', Project), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listProjects = createRoute({
  method: 'get',
  path: '/projects',
  tags: TAGS,
  summary: 'All projects, newest first',
  security: BEARER,
  request: { query: PageQuery },
  responses: { 200: answer('One page', listOf(Project)), ...problems(400, 401, 403, 404) },
});

export const readProject = createRoute({
  method: 'get',
  path: '/projects/{id}',
  tags: TAGS,
  summary: 'One project with its settings',
  security: BEARER,
  request: { params: idParam },
  responses: {
    200: answer('The project', Project),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeProject = createRoute({
  method: 'patch',
  path: '/projects/{id}',
  tags: TAGS,
  summary: 'Rename a project or change its settings; settings merge deeply',
  security: BEARER,
  request: { params: idParam, ...takes(ChangeProjectInput) },
  responses: { 200: answer('The project, changed', Project), ...problems(400, 401, 403, 404, 409, 412) },
});

export const createApiKey = createRoute({
  method: 'post',
  path: '/projects/{id}/api-keys',
  tags: TAGS,
  summary: 'Create an API key; the key itself is shown this once',
  security: BEARER,
  request: { params: idParam, ...takes(CreateApiKeyInput) },
  responses: { 201: answer('Created', CreatedApiKey), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listApiKeys = createRoute({
  method: 'get',
  path: '/projects/{id}/api-keys',
  tags: TAGS,
  summary: 'The API keys of a project, newest first',
  security: BEARER,
  request: { params: idParam, query: PageQuery },
  responses: { 200: answer('One page', listOf(ApiKey)), ...problems(400, 401, 403, 404) },
});

export const revokeApiKey = createRoute({
  method: 'delete',
  path: '/projects/{id}/api-keys/{keyId}',
  tags: TAGS,
  summary: 'Revoke an API key',
  security: BEARER,
  request: { params: idParam.extend({ keyId: z.string() }) },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 412) },
});

export const listSigningKeys = createRoute({
  method: 'get',
  path: '/projects/{id}/signing-keys',
  tags: TAGS,
  summary: 'The signing keys of a project',
  security: BEARER,
  request: { params: idParam },
  responses: {
    200: answer('All keys', z.object({ data: z.array(SigningKey).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const rotateSigningKeys = createRoute({
  method: 'post',
  path: '/projects/{id}/signing-keys/rotate',
  tags: TAGS,
  summary: 'Let the next key sign from now on',
  security: BEARER,
  request: { params: idParam },
  responses: {
    200: answer('Rotated', z.object({ keys: z.array(SigningKey).readonly() })),
    ...problems(401, 403, 404, 409),
  },
});

export const removeSigningKey = createRoute({
  method: 'delete',
  path: '/projects/{id}/signing-keys/{kid}',
  tags: TAGS,
  summary: 'Remove a compromised key at once; every token that it signed is void',
  security: BEARER,
  request: { params: idParam.extend({ kid: z.string() }) },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});
