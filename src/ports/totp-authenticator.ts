import type { TotpStep } from '../domain/user/totp-factor.ts';

/** Time-based one-time passwords as every authenticator app makes them: SHA-1, 30 s, six digits (RFC 6238). */
export interface TotpAuthenticator {
  /** 160 random bits in Base32 (RFC 4226 §4). */
  newSecret(): string;
  /** `otpauth://totp/{issuer}:{account}?secret=…&issuer=…`, for a QR code. */
  uri(label: { readonly issuer: string; readonly account: string; readonly secret: string }): string;
  /**
   * The step that the code belongs to: the present one, or one of its neighbours (drift). `undefined` for a code that
   * is none, in whatever form it was typed. The same code MUST name the same step however it is spaced.
   */
  stepOf(secret: string, code: string, now: Date): Promise<TotpStep | undefined>;
}
