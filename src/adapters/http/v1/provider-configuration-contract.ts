import { createRoute, z } from '@hono/zod-openapi';
import type { ClaimMapping } from '../../../domain/project/auth-provider.ts';
import { PROVIDER_PRESET_NAMES } from '../../../domain/project/provider-presets.ts';
import { isPlainText } from '../middleware/plain-text.ts';
import { answer, BEARER, NO_CONTENT, problems, takes } from './documented.ts';
import { nameField, webAddressField } from './fields.ts';

const TAGS = ['Providers of a project'];

const Mapping = z.object({
  subject: z.string().optional(),
  email: z.string().optional(),
  emailVerified: z.string().optional(),
  name: z.string().optional(),
});

/** As it is configured; its secret is never shown again. */
export const Provider = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string(),
    preset: z.enum(PROVIDER_PRESET_NAMES).nullable(),
    clientId: z.string().nullable(),
    issuer: z.string().nullable(),
    authorizeUrl: z.string().nullable(),
    tokenUrl: z.string().nullable(),
    userinfoUrl: z.string().nullable(),
    mapping: (Mapping as z.ZodType<ClaimMapping>).nullable(),
    scopes: z.array(z.string()).readonly(),
    chainIds: z.array(z.int()).readonly(),
    enabled: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Provider');

const plainField = z
  .string()
  .min(1)
  .max(512)
  .refine(isPlainText, { message: 'must not have control characters', params: { code: 'NOT_ALLOWED' } });
const endpointField = webAddressField.openapi({ example: 'https://id.example.com/token' });
const claimField = z.string().min(1).max(128).openapi({ description: 'A dotted path into the answer.' });

/** JSON has no `undefined`: a path is there or not, which zod's types cannot say. */
const mappingField = z.object({
  subject: claimField.optional(),
  email: claimField.optional(),
  emailVerified: claimField.optional(),
  name: claimField.optional(),
}) as unknown as z.ZodType<ClaimMapping>;

const fields = {
  clientId: plainField.optional(),
  clientSecret: z.string().min(1).max(8192).optional().openapi({ format: 'password' }),
  /** RFC 6749 §3.3 */
  scopes: z
    .array(
      z
        .string()
        .max(256)
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/),
    )
    .max(64)
    .optional(),
  chainIds: z.array(z.int().positive()).max(64).optional().openapi({ description: 'EIP-155; for wallets.' }),
  enabled: z.boolean().optional(),
};

export const ConfigureProviderInput = z.object({
  id: z
    .string()
    .max(63)
    .openapi({ description: 'A slug: part of paths, and what `lastLoginMethod` says.', example: 'acme' }),
  type: z
    .string()
    .max(63)
    .optional()
    .openapi({ description: '`oidc`, `oauth2`, `wallet`; left out where there is a preset.', example: 'oidc' }),
  name: nameField,
  preset: z.enum(PROVIDER_PRESET_NAMES).optional(),
  issuer: endpointField.optional(),
  authorizeUrl: endpointField.optional(),
  tokenUrl: endpointField.optional(),
  userinfoUrl: endpointField.optional(),
  mapping: mappingField.optional(),
  ...fields,
});

/** Whose word is taken stays as it is: `type`, `preset` and `issuer`. */
export const ChangeProviderInput = z.object({
  name: nameField.optional(),
  authorizeUrl: endpointField.nullable().optional(),
  tokenUrl: endpointField.nullable().optional(),
  userinfoUrl: endpointField.nullable().optional(),
  mapping: mappingField.nullable().optional(),
  ...fields,
});

const idParam = z.object({ id: z.string() });
const providerParams = idParam.extend({ providerId: z.string() });

export const configureProvider = createRoute({
  method: 'post',
  path: '/projects/{id}/providers',
  tags: TAGS,
  summary: 'Offer a provider to the people of a project; it sends them back to /api/v1/auth/callback/{providerId}',
  security: BEARER,
  request: { params: idParam, ...takes(ConfigureProviderInput) },
  responses: { 201: answer('Configured', Provider), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listProviders = createRoute({
  method: 'get',
  path: '/projects/{id}/providers',
  tags: TAGS,
  summary: 'The providers of a project, those that are switched off too',
  security: BEARER,
  request: { params: idParam },
  responses: {
    200: answer('All providers', z.object({ data: z.array(Provider).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const changeProvider = createRoute({
  method: 'patch',
  path: '/projects/{id}/providers/{providerId}',
  tags: TAGS,
  summary: 'Change a provider, or switch it on or off, at once',
  security: BEARER,
  request: { params: providerParams, ...takes(ChangeProviderInput) },
  responses: { 200: answer('The provider, changed', Provider), ...problems(400, 401, 403, 404, 409, 412) },
});

export const removeProvider = createRoute({
  method: 'delete',
  path: '/projects/{id}/providers/{providerId}',
  tags: TAGS,
  summary: 'Remove a provider, and with it the links of its people',
  security: BEARER,
  request: { params: providerParams },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});
