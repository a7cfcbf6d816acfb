import { z } from 'zod';
import type { ClaimMapping } from '../../domain/project/auth-provider.ts';
import { PROVIDER_PRESET_NAMES } from '../../domain/project/provider-presets.ts';

const url = z.url({ protocol: /^https?$/, error: 'an http or https URL is needed' });
const claim = z.string().min(1);
/** JSON has no `undefined`: a path is there or not, which zod's types cannot say. */
const mapping = z.strictObject({
  subject: claim.optional(),
  email: claim.optional(),
  emailVerified: claim.optional(),
  name: claim.optional(),
}) as unknown as z.ZodType<ClaimMapping>;

/** Strict: a misspelled name would be a setting that nobody gets. What is right of each the provider's adapter says. */
const platformProvider = z.strictObject({
  id: z.string(),
  name: z.string().min(1).max(128),
  type: z.string().optional(),
  preset: z.enum(PROVIDER_PRESET_NAMES).optional(),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  issuer: url.optional(),
  authorizeUrl: url.optional(),
  tokenUrl: url.optional(),
  userinfoUrl: url.optional(),
  mapping: mapping.optional(),
  scopes: z.array(z.string().min(1)).optional(),
  chainIds: z.array(z.int().positive()).optional(),
  enabled: z.boolean().optional(),
});

/** A provider as `POST /projects/{id}/providers` takes it. */
export type PlatformProvider = z.output<typeof platformProvider>;

export const platformProviders = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      // The text holds secrets: what the parser says of it is not shown.
      context.addIssue('a JSON array is needed');
      return z.NEVER;
    }
  })
  .pipe(z.array(platformProvider, { error: 'a JSON array is needed' }))
  .refine((providers) => new Set(providers.map(({ id }) => id)).size === providers.length, {
    error: 'each id is needed once',
  });
