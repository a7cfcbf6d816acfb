import { scrypt } from 'node:crypto';

export interface ScryptParameters {
  /** The binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** N·r·p, of blocks of 128 bytes: 256 MiB at once, or one after the other. */
const MOST_BLOCKS = 2 ** 21;

/** `undefined` for what scrypt does not know (RFC 7914 §2: N is below 2^(16·r)), or what takes too long. */
export function scryptParameters(ln: string | undefined, r: string | undefined, p: string | undefined) {
  const parameters: ScryptParameters = { ln: Number(ln), r: Number(r), p: Number(p) };
  const known = parameters.ln >= 1 && parameters.p >= 1 && parameters.ln < 16 * parameters.r;
  return known && 2 ** parameters.ln * parameters.r * parameters.p <= MOST_BLOCKS ? parameters : undefined;
}

/** As OpenSSL counts it, which is every block. */
export function scryptMemoryKib({ ln, r, p }: ScryptParameters): number {
  return Math.ceil((128 * r * (2 ** ln + p + 2)) / 1024);
}

/** RFC 7914. */
export function scryptKey(
  password: string,
  salt: Uint8Array,
  length: number,
  parameters: ScryptParameters,
): Promise<Buffer> {
  const { ln, r, p } = parameters;
  // A little more than it takes, or it is refused.
  const maxmem = (scryptMemoryKib(parameters) + 1) * 1024;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N: 2 ** ln, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
