/** 128 bits at least, or guesses would meet by chance; no more than any of the forms is known to make. */
const DIGEST_BYTES = { least: 16, most: 64 } as const;
const MOST_SALT_BYTES = 128;

interface SaltAndDigest {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** The last two fields of a PHC string. `undefined` where either is no base64, or of a length that it never has. */
export function saltAndDigest(salt: string | undefined, digest: string | undefined): SaltAndDigest | undefined {
  const [saltBytes, digestBytes] = [bytesOf(salt ?? ''), bytesOf(digest ?? '')];
  if (saltBytes === undefined || digestBytes === undefined || saltBytes.length > MOST_SALT_BYTES) return undefined;
  const { least, most } = DIGEST_BYTES;
  const fits = digestBytes.length >= least && digestBytes.length <= most;
  return fits ? { salt: saltBytes, digest: digestBytes } : undefined;
}

/**
 * The bytes of base64, padded or not, also as passlib writes it, with `.` for `+`. `undefined` for any text that no
 * encoder writes.
 */
export function bytesOf(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/.]*={0,2}$/.test(text)) return undefined;
  const plain = text.replaceAll('.', '+').replaceAll('=', '');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.toString('base64').replaceAll('=', '') === plain ? bytes : undefined;
}
