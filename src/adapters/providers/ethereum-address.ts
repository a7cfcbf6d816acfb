import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** With the capitals that make its checksum (EIP-55); `undefined` for what is none, or has a wrong checksum. */
export function checksumAddress(raw: string): string | undefined {
  if (!ADDRESS.test(raw)) return undefined;
  const digits = raw.slice(2);
  const lower = digits.toLowerCase();
  const hash = bytesToHex(keccak_256(Buffer.from(lower, 'latin1')));
  const checked = lower.replace(/[a-f]/g, (letter, at: number) =>
    Number.parseInt(hash.charAt(at), 16) >= 8 ? letter.toUpperCase() : letter,
  );
  // In one case, there is no checksum to be wrong.
  const unchecked = digits === lower || digits === digits.toUpperCase();
  return unchecked || digits === checked ? `0x${checked}` : undefined;
}

/** Of the key of a curve point, in lower case. */
export function addressOfKey(uncompressed: Uint8Array): string {
  return `0x${bytesToHex(keccak_256(uncompressed.subarray(1)).subarray(-20))}`;
}
