import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER_OR_KEY, NO_CONTENT, problems, takes } from './documented.ts';
import {
  emailField,
  flagField,
  jsonObjectField,
  nameField,
  remarkField,
  slugField,
  webAddressField,
} from './fields.ts';
import { listOf, PageQuery } from './page.ts';

const TAGS = ['Users'];
const STATUSES = ['active', 'invited', 'disabled', 'locked'] as const;

/** A person as the v1 API shows them (section 5). */
export const User = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    pendingEmail: z.string().nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    phone: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()).readonly(),
    preferences: z.record(z.string(), z.unknown()).readonly(),
    tenantId: z.string(),
    roles: z.array(z.string()).readonly(),
    emailVerified: z.boolean(),
    mfaEnabled: z.boolean(),
    status: z.enum(STATUSES),
    createdAt: z.string(),
    updatedAt: z.string(),
    deletedAt: z.string().nullable(),
  })
  .openapi('User');

/** The person who asks, with what they may do where they are. */
export const OwnProfile = User.extend({
  permissions: z.array(z.string()).readonly(),
  tenant: z.object({ id: z.string(), name: z.string(), logoUrl: z.string().nullable() }),
  actor: z.object({ id: z.string() }).optional().openapi({ description: 'Whoever acts in the person’s place.' }),
}).openapi('OwnProfile');

export const UserWithSummary = User.extend({
  permissionSummary: z.object({ total: z.int(), modules: z.record(z.string(), z.int()).readonly() }),
}).openapi('UserWithSummary');

export const UserQuery = z.object({
  status: z.enum(STATUSES).optional(),
  search: remarkField.optional().openapi({ description: 'What the address, the first or the last name begins with.' }),
  role: slugField.optional(),
  includeDeleted: flagField.optional(),
});

/** Nobody chooses another's password. */
export const InviteInput = z.object({ email: emailField, roles: z.array(slugField).optional() });
export const CreateUserInput = InviteInput.extend({
  firstName: nameField.optional(),
  lastName: nameField.optional(),
});
export const ChangeUserInput = z.object({
  firstName: nameField.nullable().optional(),
  lastName: nameField.nullable().optional(),
  email: emailField.optional().openapi({ description: 'Pending until it is proven, and consented to.' }),
  avatarUrl: webAddressField.nullable().optional(),
  metadata: jsonObjectField.optional(),
  status: z.enum(['active', 'disabled']).optional().openapi({
    description: '`active`, from the owner of the platform, also ends a lock that wrong recovery codes have caused.',
  }),
});

const idParam = z.object({ id: z.string() });

export const createUser = createRoute({
  method: 'post',
  path: '/users',
  tags: TAGS,
  summary: 'Invite a person into the tenant; the mail goes out at once',
  security: BEARER_OR_KEY,
  request: takes(CreateUserInput),
  responses: { 201: answer('Invited', User), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listUsers = createRoute({
  method: 'get',
  path: '/users',
  tags: TAGS,
  summary: 'The people of the tenant, newest first',
  security: BEARER_OR_KEY,
  request: { query: PageQuery.extend(UserQuery.shape) },
  responses: { 200: answer('One page', listOf(User)), ...problems(400, 401, 403, 404) },
});

export const readUser = createRoute({
  method: 'get',
  path: '/users/{id}',
  tags: TAGS,
  summary: 'One person of the tenant, with how much they may do',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: {
    200: answer('The user', UserWithSummary),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeUser = createRoute({
  method: 'patch',
  path: '/users/{id}',
  tags: TAGS,
  summary: 'Change a person of the tenant; of somebody who belongs to others too, the membership alone',
  security: BEARER_OR_KEY,
  request: { params: idParam, ...takes(ChangeUserInput) },
  responses: { 200: answer('The user, changed', User), ...problems(400, 401, 403, 404, 409, 412) },
});

export const deleteUser = createRoute({
  method: 'delete',
  path: '/users/{id}',
  tags: TAGS,
  summary: 'Remove a person; sessions end, what is stored is kept',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});

const RESTORE = {
  path: '/users/{id}/restore',
  tags: TAGS,
  summary: 'Undo the removal of a person',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: { 200: answer('The user, back again', User), ...problems(401, 403, 404, 409, 412) },
} as const;
export const restoreUser = createRoute({ ...RESTORE, method: 'patch' });
export const restoreUserByPost = createRoute({ ...RESTORE, method: 'post' });
