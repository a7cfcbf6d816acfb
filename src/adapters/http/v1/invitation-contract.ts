import { createRoute, z } from '@hono/zod-openapi';
import { TokenPair } from './authentication-contract.ts';
import { answer, BEARER, NO_CONTENT, PERHAPS_BEARER, PROJECT_HEADER, problems, takes } from './documented.ts';
import { mfaCodeField, nameField, passwordField, secretField } from './fields.ts';
import { listOf, PageQuery } from './page.ts';
import { InviteInput, User } from './user-contract.ts';

const TAGS = ['Invitations'];

const invitationFields = {
  id: z.string(),
  email: z.string(),
  roles: z.array(z.string()).readonly(),
  expiresAt: z.string(),
};
export const Invited = z.object(invitationFields).openapi('Invited');
export const Invitation = z
  .object({ ...invitationFields, createdAt: z.string(), invitedBy: z.string().nullable() })
  .openapi('Invitation');

export const Accepted = TokenPair.extend({ user: User }).openapi('Accepted');

export const AcceptInviteInput = z.object({
  token: secretField,
  password: passwordField.optional().openapi({
    description: 'A new one; for an address that has an account, the account’s own. Left out by whoever is signed in.',
  }),
  firstName: nameField.optional(),
  lastName: nameField.optional(),
  mfaCode: mfaCodeField.optional(),
});

const idParam = z.object({ id: z.string() });

export const invite = createRoute({
  method: 'post',
  path: '/auth/invite',
  tags: TAGS,
  summary: 'Invite an address into the tenant',
  security: BEARER,
  request: takes(InviteInput),
  responses: { 201: answer('Invited', Invited), ...problems(400, 401, 403, 404, 409, 422) },
});

export const acceptInvite = createRoute({
  method: 'post',
  path: '/auth/accept-invite',
  tags: TAGS,
  summary: 'Join a tenant with the token of the mail',
  security: PERHAPS_BEARER,
  request: { headers: PROJECT_HEADER, ...takes(AcceptInviteInput) },
  responses: { 201: answer('Joined, and signed in there', Accepted), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listInvitations = createRoute({
  method: 'get',
  path: '/invitations',
  tags: TAGS,
  summary: 'Invitations that nobody has accepted yet, newest first',
  security: BEARER,
  request: { query: PageQuery },
  responses: { 200: answer('One page', listOf(Invitation)), ...problems(400, 401, 403, 404) },
});

export const resendInvitation = createRoute({
  method: 'post',
  path: '/invitations/{id}/resend',
  tags: TAGS,
  summary: 'Mail an invitation once more; the older link dies',
  security: BEARER,
  request: { params: idParam },
  responses: { 202: { description: 'On its way' }, ...problems(401, 403, 404, 409) },
});

export const revokeInvitation = createRoute({
  method: 'delete',
  path: '/invitations/{id}',
  tags: TAGS,
  summary: 'Take an invitation back',
  security: BEARER,
  request: { params: idParam },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});
