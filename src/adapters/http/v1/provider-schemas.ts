import { z } from '@hono/zod-openapi';

/** What a sign-in page offers. */
export const SignInProvider = z
  .object({ id: z.string(), name: z.string(), type: z.string() })
  .openapi('SignInProvider');

export const StartedAtProvider = z
  .object({
    redirectUrl: z.string().openapi({ description: 'Where the person goes.' }),
    state: z.string(),
    verifier: z.string().openapi({ description: 'Kept by whoever starts: what comes of it goes to nobody else.' }),
    expiresAt: z.string(),
    message: z.string().optional().openapi({ description: 'What a wallet is to sign (EIP-4361).' }),
    nonce: z.string().optional(),
  })
  .openapi('StartedAtProvider');

export const Reauthenticated = z.object({ authenticatedAt: z.string() }).openapi('Reauthenticated');

/** An identity elsewhere that signs a person in. */
export const Link = z
  .object({
    id: z.string(),
    providerId: z.string(),
    providerType: z.string(),
    externalId: z.string().openapi({ description: 'What the provider calls the person.' }),
    email: z.string().nullable(),
    displayName: z.string().nullable(),
    linkedAt: z.string(),
  })
  .openapi('ProviderLink');
