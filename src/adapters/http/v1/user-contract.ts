import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER, problems, takes } from './documented.ts';

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
    status: z.enum(['active', 'invited', 'disabled', 'locked']),
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

export const ChangeUserInput = z.object({
  status: z.enum(['active']).openapi({ description: 'Unlocks an account that wrong recovery codes have locked.' }),
});

export const changeUser = createRoute({
  method: 'patch',
  path: '/users/{id}',
  tags: ['Users'],
  summary: 'Unlock an account; for the owner of the platform',
  security: BEARER,
  request: { params: z.object({ id: z.string() }), ...takes(ChangeUserInput) },
  responses: { 200: answer('The user, changed', User), ...problems(400, 401, 403, 404, 412) },
});
