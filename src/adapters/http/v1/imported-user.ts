import { z } from '@hono/zod-openapi';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import { TenantId } from '../../../domain/tenant/tenant.ts';
import { UserId } from '../../../domain/user/user.ts';
import { isPlainText } from '../middleware/plain-text.ts';
import {
  emailField,
  jsonObjectField,
  momentField,
  nameField,
  phoneField,
  slugField,
  webAddressField,
} from './fields.ts';

/** Files of others say `null` for what is not there. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

const NO_UUID = { message: 'must be a UUID', params: { code: 'INVALID_FORMAT' } } as const;
const uuid = z.string().refine((value) => UserId.parse(value) !== undefined, NO_UUID);

const plain = z
  .string()
  .min(1)
  .max(512)
  .refine(isPlainText, { message: 'must not have control characters', params: { code: 'NOT_ALLOWED' } });

const Tenant = z.strictObject({
  id: z.literal('root').or(uuid.transform((value) => TenantId.parse(value) as TenantId)),
  roles: z.array(slugField),
  disabled: maybe(z.boolean()),
});

const Link = z.strictObject({
  providerId: z
    .string()
    .regex(/^[\w-]{1,128}$/)
    .transform((value) => value as ProviderId),
  externalId: plain,
  email: maybe(plain),
  displayName: maybe(plain),
});

/** A person on a line of a file, by the measures of the API. A field that nobody knows is a mistake, not a detail. */
export const ImportedUser = z.strictObject({
  id: maybe(uuid.transform((value) => UserId.parse(value) as UserId)),
  email: maybe(emailField),
  emailVerified: maybe(z.boolean()),
  firstName: maybe(nameField),
  lastName: maybe(nameField),
  phone: maybe(phoneField),
  avatarUrl: maybe(webAddressField),
  metadata: maybe(jsonObjectField),
  preferences: maybe(jsonObjectField),
  status: maybe(z.enum(['active', 'disabled', 'locked'])),
  disabledByPlatform: maybe(z.boolean()),
  createdAt: maybe(momentField.transform((value) => new Date(value))),
  passwordHash: maybe(z.string().max(1024)),
  totpSecret: maybe(z.string().max(256)),
  roles: maybe(z.array(slugField)),
  tenants: maybe(z.array(Tenant)),
  links: maybe(z.array(Link)),
});
