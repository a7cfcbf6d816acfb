/** HMAC-SHA-256 in base64url over the canonical JSON of a value (RFC 8785), with a key that nobody else has. */
export interface ContentAttester {
  /** Throws for what JSON cannot say. */
  attest(value: unknown): string;
  /** Whether it was attested with the key, or with the one before it while that is still known. Throws as above. */
  attests(value: unknown, attestation: string): boolean;
}
