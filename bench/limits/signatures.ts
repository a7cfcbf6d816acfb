import { generateKeyPairSync, sign } from 'node:crypto';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAYLOAD = Buffer.alloc(900, 'a');

/** RS256 signatures of something as long as an access token, on one thread. */
export function signatureLimit(seconds: number): number {
  const startedAt = performance.now();
  let signed = 0;
  for (; performance.now() < startedAt + seconds * 1000; signed += 1) sign('sha256', PAYLOAD, privateKey);
  return (signed * 1000) / (performance.now() - startedAt);
}
