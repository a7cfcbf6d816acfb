import { z } from '@hono/zod-openapi';
import type { ProjectSettingsPatch } from '../../../domain/project/project-settings.ts';
import { ipRangeField, nameField, slugField } from './fields.ts';

const MAX_RULES = 200;

const rateLimit = z.object({ limit: z.int(), windowSeconds: z.int() });

/** An empty rule would shut everybody out. */
const firewallRule = z
  .object({
    action: z.literal('deny'),
    path: z.string().min(1).max(512).startsWith('/').optional(),
    userAgent: z.string().trim().min(1).max(256).optional(),
  })
  .refine((rule) => rule.path !== undefined || rule.userAgent !== undefined, {
    message: 'needs a path or a userAgent',
    params: { code: 'NOT_ALLOWED' },
  });

const passwordPolicy = z.object({
  minLength: z.int(),
  blockCommon: z.boolean(),
  breachCheck: z.enum(['off', 'block']),
});

const ipRules = z.object({
  allow: z.array(ipRangeField).max(MAX_RULES).readonly(),
  deny: z.array(ipRangeField).max(MAX_RULES).readonly(),
});

/** Types only: which values are in range is the project's own rule. */
const fields = {
  v1Enabled: z.boolean(),
  selfServiceTenants: z.boolean(),
  registrationEnabled: z.boolean(),
  emailVerificationRequired: z.boolean(),
  totpEnabled: z.boolean(),
  signInEnabled: z.boolean(),
  userLimit: z.int().nullable(),
  accessTokenTtlSeconds: z.int(),
  refreshIdleTtlSeconds: z.int(),
  refreshAbsoluteTtlSeconds: z.int(),
  refreshGraceSeconds: z.int(),
  signingAlgorithm: z.enum(['RS256', 'ES256', 'Ed25519']),
  issuerName: nameField,
  defaultRole: slugField,
  firewallRules: z.array(firewallRule).max(MAX_RULES).readonly(),
};

/** A project's settings, whole. */
export const Settings = z
  .object({
    ...fields,
    passwordPolicy,
    rateLimits: z.object({ login: rateLimit, register: rateLimit, passwordReset: rateLimit, general: rateLimit }),
    ipRules,
  })
  .openapi('ProjectSettings');

const rateLimitPatch = rateLimit.partial();

/** A partial change, as deep as the settings are; lists are replaced as a whole. */
export const SettingsPatch = exact<ProjectSettingsPatch>(
  z
    .object({
      ...fields,
      passwordPolicy: passwordPolicy.partial(),
      rateLimits: z
        .object({
          login: rateLimitPatch,
          register: rateLimitPatch,
          passwordReset: rateLimitPatch,
          general: rateLimitPatch,
        })
        .partial(),
      ipRules: ipRules.partial(),
    })
    .partial()
    .openapi('ProjectSettingsPatch'),
);

/** JSON has no `undefined`: what is optional here is there or not, which zod's types cannot say. */
function exact<T>(schema: z.ZodType<Loosened<T>>): z.ZodType<T> {
  return schema as unknown as z.ZodType<T>;
}

type Loosened<T> = T extends readonly (infer Item)[]
  ? readonly Loosened<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Loosened<T[Key]> | undefined }
    : T;
