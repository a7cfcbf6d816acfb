import { invalidField } from '../errors.ts';
import type { Brand } from '../kernel/brand.ts';

/** The secret of an authenticator app: Base32 (RFC 4648 §6) of 16 to 64 bytes, in upper case, without padding. */
export type TotpSecret = Brand<string, 'TotpSecret'>;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** 128 bits (ASVS 6.5.3). */
const LEAST_LETTERS = 26;
const MOST_LETTERS = 103;

export const TotpSecret = {
  /** However it was grouped and padded. @throws IamError `validation-error` on the given field */
  parse(raw: string, field = 'totpSecret'): TotpSecret {
    const value = raw.replaceAll(/[ =-]/g, '').toUpperCase();
    if (!/^[A-Z2-7]*$/.test(value)) throw invalidField(field, 'is not Base32', 'INVALID_FORMAT');
    if (value.length < LEAST_LETTERS) throw invalidField(field, 'must have at least 128 bits', 'TOO_SHORT');
    if (value.length > MOST_LETTERS) throw invalidField(field, 'must have at most 512 bits', 'TOO_LONG');
    if (!endsWhole(value)) throw invalidField(field, 'is cut short, or longer than what it encodes', 'INVALID_FORMAT');
    return value as TotpSecret;
  },
} as const;

/** Each letter is five bits: fewer than five are left beyond the last byte, and none of them is set. */
function endsWhole(value: string): boolean {
  const left = (value.length * 5) % 8;
  return left < 5 && LETTERS.indexOf(value.slice(-1)) % 2 ** left === 0;
}
