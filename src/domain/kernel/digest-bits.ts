const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The first bits of a digest in base64url, as binary digits. */
export function digestBits(digest: string, count: number): string {
  const sixBits = (letter: string) => BASE64URL.indexOf(letter).toString(2).padStart(6, '0');
  return [...digest.slice(0, Math.ceil(count / 6))].map(sixBits).join('').slice(0, count);
}
