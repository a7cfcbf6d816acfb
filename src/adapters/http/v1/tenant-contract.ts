import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER, NO_CONTENT, problems, takes } from './documented.ts';
import { mfaCodeField, nameField, passwordField, webAddressField } from './fields.ts';
import { listOf, PageQuery } from './page.ts';

const TAGS = ['Tenants'];

export const Tenant = z
  .object({
    id: z.string(),
    name: z.string(),
    logoUrl: z.string().nullable(),
    ownerId: z.string().nullable(),
    blockedAt: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Tenant');

export const OwnershipTransfer = z
  .object({ id: z.string(), newOwnerId: z.string(), expiresAt: z.string() })
  .openapi('OwnershipTransfer');

export const CreateTenantInput = z.object({ name: nameField, logoUrl: webAddressField.nullable().optional() });
export const ChangeTenantInput = z.object({
  name: nameField.optional(),
  logoUrl: webAddressField.nullable().optional(),
});
export const TransferInput = z.object({
  newOwnerId: z.string(),
  password: passwordField.optional().openapi({ description: 'Left out by an account that has none.' }),
  mfaCode: mfaCodeField.optional(),
});

const idParam = z.object({ id: z.string() });

export const createTenant = createRoute({
  method: 'post',
  path: '/tenants',
  tags: TAGS,
  summary: 'Found a tenant and own it',
  security: BEARER,
  request: takes(CreateTenantInput),
  responses: { 201: answer('Founded', Tenant), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listTenants = createRoute({
  method: 'get',
  path: '/tenants',
  tags: TAGS,
  summary: 'All tenants, newest first; for the owner of the platform',
  security: BEARER,
  request: { query: PageQuery },
  responses: { 200: answer('One page', listOf(Tenant)), ...problems(400, 401, 403, 404) },
});

export const readTenant = createRoute({
  method: 'get',
  path: '/tenants/{id}',
  tags: TAGS,
  summary: 'The tenant that one acts in',
  security: BEARER,
  request: { params: idParam },
  responses: {
    200: answer('The tenant', Tenant),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeTenant = createRoute({
  method: 'patch',
  path: '/tenants/{id}',
  tags: TAGS,
  summary: 'Rename the tenant or give it another logo',
  security: BEARER,
  request: { params: idParam, ...takes(ChangeTenantInput) },
  responses: { 200: answer('The tenant, changed', Tenant), ...problems(400, 401, 403, 404, 409, 412) },
});

export const blockTenant = createRoute({
  method: 'post',
  path: '/tenants/{id}/block',
  tags: TAGS,
  summary: 'Shut a tenant: its sessions end; for the owner of the platform',
  security: BEARER,
  request: { params: idParam },
  responses: { 200: answer('The tenant, blocked', Tenant), ...problems(401, 403, 404, 409) },
});

export const unblockTenant = createRoute({
  method: 'post',
  path: '/tenants/{id}/unblock',
  tags: TAGS,
  summary: 'Open a blocked tenant again; for the owner of the platform',
  security: BEARER,
  request: { params: idParam },
  responses: { 200: answer('The tenant, open again', Tenant), ...problems(401, 403, 404, 409) },
});

export const offerTransfer = createRoute({
  method: 'post',
  path: '/tenants/{id}/transfer',
  tags: TAGS,
  summary: 'Offer the tenant to another member, with all factors that the account has; both are mailed',
  security: BEARER,
  request: { params: idParam, ...takes(TransferInput) },
  responses: { 202: answer('Offered, for 72 hours', OwnershipTransfer), ...problems(400, 401, 403, 404, 409, 422) },
});

export const acceptTransfer = createRoute({
  method: 'post',
  path: '/tenants/{id}/transfer/accept',
  tags: TAGS,
  summary: 'Take the tenant over; the old owner keeps the role admin',
  security: BEARER,
  request: { params: idParam },
  responses: { 200: answer('The tenant, with its new owner', Tenant), ...problems(401, 403, 404, 409) },
});

export const cancelTransfer = createRoute({
  method: 'delete',
  path: '/tenants/{id}/transfer',
  tags: TAGS,
  summary: 'Take the offer back, or decline it',
  security: BEARER,
  request: { params: idParam },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});
