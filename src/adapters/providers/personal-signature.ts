import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { addressOfKey } from './ethereum-address.ts';

/** r, s, and which of the two points: 0 or 1, or as Bitcoin once counted. */
const SIGNATURE = /^0x([0-9a-fA-F]{128})(00|01|1[bB]|1[cC])$/;

/**
 * Whose account has signed a message as a wallet does (ERC-191 version 0x45, `personal_sign`), in lower case.
 * `undefined` for what is no signature, and for the second one that anybody can make of a first (EIP-2).
 */
export function signerOf(message: string, signature: string): string | undefined {
  const [, scalars, recovery] = SIGNATURE.exec(signature) ?? [];
  if (scalars === undefined || recovery === undefined) return undefined;
  const text = Buffer.from(message, 'utf8');
  const digest = keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${text.length}`), text]));
  try {
    const parsed = secp256k1.Signature.fromHex(scalars, 'compact').addRecoveryBit(Number.parseInt(recovery, 16) % 27);
    if (parsed.hasHighS()) return undefined;
    return addressOfKey(parsed.recoverPublicKey(digest).toBytes(false));
  } catch {
    // Scalars out of range, or of no point of the curve.
    return undefined;
  }
}
