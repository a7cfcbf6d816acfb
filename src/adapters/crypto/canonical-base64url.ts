/**
 * The bytes of base64url without padding (RFC 4648 §5), or `undefined` for any text that `encode` would not have
 * written: a lenient decoder would let one secret have several spellings.
 */
export function decodeCanonicalBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
