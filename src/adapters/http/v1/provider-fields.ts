import { z } from '@hono/zod-openapi';
import type { ProviderAnswer, Wallet } from '../../../ports/auth-provider.ts';
import { secretField, webAddressField } from './fields.ts';

/** RFC 6749 appendix A: printable ASCII. */
const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x20-\x7e]+$/);

const codeField = printable(4096);
const issuerField = printable(2048);
const signatureField = printable(1024).openapi({ description: 'Of a wallet: `personal_sign` (ERC-191), in hex.' });

/** Which of them are allowed is the policy's to say. */
export const returnToField = webAddressField.openapi({
  description: 'Where the browser goes in the end: one of `ALLOWED_RETURN_URLS`.',
  example: 'https://app.example.com/signed-in',
});

const REQUIRED = { message: 'is required', params: { code: 'REQUIRED' } } as const;

/** `address` and `chainId` are for wallets. */
export const StartInput = z
  .object({
    returnTo: returnToField.optional(),
    address: z.string().min(1).max(64).optional().openapi({ description: 'Of the wallet that is to sign.' }),
    chainId: z.int().positive().optional().openapi({ description: 'EIP-155', example: 1 }),
  })
  .refine(({ address, chainId }) => address !== undefined || chainId === undefined, { ...REQUIRED, path: ['address'] })
  .refine(({ address, chainId }) => chainId !== undefined || address === undefined, { ...REQUIRED, path: ['chainId'] });

export function walletOf({ address, chainId }: z.output<typeof StartInput>): Wallet | undefined {
  return address === undefined || chainId === undefined ? undefined : { address, chainId };
}

/** What somebody who is signed in brings back from a provider themselves. */
export const ReturnInput = z
  .object({
    state: secretField,
    verifier: secretField,
    code: codeField.optional(),
    iss: issuerField.optional().openapi({ description: 'RFC 9207; where the provider sends it.' }),
    signature: signatureField.optional(),
  })
  .refine(({ code, signature }) => code !== undefined || signature !== undefined, { ...REQUIRED, path: ['code'] });

/** A round trip ends where there is a state, and begins where there is none. */
export function isReturn(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'state' in body;
}

/** What a provider sends a browser back with (RFC 6749 §4.1.2). */
export const CallbackQuery = z
  .object({
    state: secretField,
    code: codeField.optional(),
    iss: issuerField.optional(),
    error: printable(256).optional(),
  })
  .refine(({ code, error }) => code !== undefined || error !== undefined, { ...REQUIRED, path: ['code'] });

/** What the page of a wallet sends. */
export const SignatureInput = z.object({
  state: secretField,
  signature: signatureField,
  verifier: secretField.optional(),
});

export function redirectAnswer(query: z.output<typeof CallbackQuery>): ProviderAnswer {
  const parameters = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { kind: 'redirect', parameters: Object.fromEntries(parameters) };
}

export function answerOf({ verifier: _, signature, ...query }: z.output<typeof ReturnInput>): ProviderAnswer {
  return signature === undefined ? redirectAnswer(query) : { kind: 'signature', signature };
}
