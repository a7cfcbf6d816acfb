import { z } from '@hono/zod-openapi';
import { MAX_PASSWORD_LENGTH } from '../../../domain/user/password-policy.ts';
import { parseIpRange } from '../middleware/ip-address.ts';
import { isPlainName, isPlainText } from '../middleware/plain-text.ts';

/** An own check's code, for `errors[].code`. */
const NOT_ALLOWED = { code: 'NOT_ALLOWED' } as const;
const TOO_LONG = { code: 'TOO_LONG' } as const;

const MAX_JSON_OBJECT_BYTES = 16 * 1024;

export const emailField = z.string().max(320).openapi({ format: 'email', example: 'ada@example.com' });

/** Taken exactly as it comes. How short it may be is the project's setting. */
export const passwordField = z
  .string()
  .min(1)
  .refine((value) => [...value].length <= MAX_PASSWORD_LENGTH, {
    message: `must have at most ${MAX_PASSWORD_LENGTH} characters`,
    params: TOO_LONG,
  })
  .openapi({ format: 'password', example: 'correct horse battery staple' });

export const nameField = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .refine(isPlainName, { message: 'must not have control characters or ://', params: NOT_ALLOWED });

export const phoneField = z
  .string()
  .trim()
  .min(1)
  .max(32)
  .refine(isPlainText, { message: 'must not have control characters', params: NOT_ALLOWED });

export const webAddressField = z
  .string()
  .max(2048)
  .refine(isWebAddress, { message: 'must be an http or https URL', params: { code: 'INVALID_FORMAT' } })
  .openapi({ format: 'uri', example: 'https://example.com/ada.png' });

function isWebAddress(value: string): boolean {
  // The URL parser forgives white space and control characters; whoever shows the address may not.
  return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(value) && URL.canParse(value);
}

/** An object that is kept for somebody and never looked into: a person's preferences, an application's metadata. */
export const jsonObjectField = z
  .record(z.string(), z.unknown())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_JSON_OBJECT_BYTES, {
    message: 'must have at most 16 KiB',
    params: TOO_LONG,
  });

/** What a role or a permission is for, or why something is done. */
export const remarkField = z
  .string()
  .trim()
  .min(1)
  .max(512)
  .refine(isPlainText, { message: 'must not have control characters', params: NOT_ALLOWED });

export const slugField = z
  .string()
  .max(128)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .openapi({ example: 'member' });

/** Taken as it comes, whatever its spelling: what a name may be, and which are reserved, is the domain's to say. */
export const permissionField = z.string().min(1).max(128).openapi({ example: 'users.list' });

/** One of the query. */
export const flagField = z
  .enum(['true', 'false'])
  .transform((flag) => flag === 'true')
  .openapi({ type: 'boolean', default: false });

/** A token or code that we made, or something that pretends to be one. */
export const secretField = z.string().min(1).max(512);

/** Six digits of an authenticator app, in whatever way the person spaced them. */
export const mfaCodeField = z.string().min(1).max(16).openapi({ example: '123456' });

/** One of the ten, in whatever case and spacing the person typed it. */
export const recoveryCodeField = z.string().min(1).max(64).openapi({ example: 'K7QX-2MPD-9WZA' });

export const ipRangeField = z
  .string()
  .max(64)
  .refine((value) => parseIpRange(value) !== undefined, {
    message: 'must be an IP address or a CIDR block',
    params: { code: 'INVALID_FORMAT' },
  })
  .openapi({ example: '192.0.2.0/24' });

/** ISO 8601 with a zone. */
export const momentField = z.iso.datetime({ offset: true }).openapi({ example: '2030-01-31T12:00:00Z' });
