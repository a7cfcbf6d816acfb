import { generateSecret, generateURI, verify } from 'otplib';
import { TOTP_STEP_SECONDS, type TotpStep } from '../../domain/user/totp-factor.ts';
import type { TotpAuthenticator } from '../../ports/totp-authenticator.ts';

const SECRET_BYTES = 20;
/** How people space a code, and how apps show it. */
const SPACING = /[ -]/g;
const CODE = /^[0-9]{6}$/;

/** TOTP at the defaults that every app knows: SHA-1, 30 seconds, six digits (RFC 6238). */
export class OtplibTotpAuthenticator implements TotpAuthenticator {
  newSecret(): string {
    return generateSecret({ length: SECRET_BYTES });
  }

  uri({ issuer, account, secret }: Parameters<TotpAuthenticator['uri']>[0]): string {
    return generateURI({ issuer: withoutColons(issuer), label: withoutColons(account), secret });
  }

  async stepOf(secret: string, code: string, now: Date): Promise<TotpStep | undefined> {
    const token = code.replaceAll(SPACING, '');
    if (!CODE.test(token)) return undefined;
    const epoch = Math.floor(now.getTime() / 1000);
    // One step either way, for drift and for the time it takes to type (RFC 6238 §5.2).
    const verdict = await verify({ secret, token, epoch, epochTolerance: TOTP_STEP_SECONDS });
    return verdict.valid && 'timeStep' in verdict ? (verdict.timeStep as TotpStep) : undefined;
  }
}

/** The first colon of a label ends the issuer, percent-encoded or not: neither name may hold one (Key Uri Format). */
function withoutColons(name: string): string {
  const parts = name.split(':').map((part) => part.trim());
  return parts.filter((part) => part !== '').join(' ');
}
