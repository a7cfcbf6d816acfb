import { scrypt } from 'node:crypto';

export interface ScryptParameters {
  /** The binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** N·r·p, of blocks of 128 bytes: 256 MiB at once, or one after the other. */
const MOST_BLOCKS = 2 ** 21;

/** `undefined` for what scrypt does not know (RFC 7914 §2), or what takes too long. */
export function scryptParameters(ln: string | undefined, r: string | undefined, p: string | undefined) {
  const parameters: ScryptParameters = { ln: Number(ln), r: Number(r), p: Number(p) };
  const known = parameters.ln >= 1 && parameters.r >= 1 && parameters.p >= 1;
  return known && 2 ** parameters.ln * parameters.r * parameters.p <= MOST_BLOCKS ? parameters : undefined;
}

/** RFC 7914. */
export function scryptKey(
  password: string,
  salt: Uint8Array,
  length: number,
  { ln, r, p }: ScryptParameters,
): Promise<Buffer> {
  const N = 2 ** ln;
  // What it takes, and a little for the rest: OpenSSL counts every block.
  const maxmem = 128 * r * (N + p + 2) + 1024;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
