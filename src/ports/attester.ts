/** HMAC-SHA-256 in base64url over a text, with a key that nobody else has. */
export interface Attester {
  attest(text: string): string;
  /** Whether it was attested with the key, or with the one before it while that is still known. */
  attests(text: string, attestation: string): boolean;
}
