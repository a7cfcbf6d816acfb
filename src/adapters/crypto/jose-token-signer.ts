import { hash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { IamError } from '../../domain/errors.ts';
import { ProjectId } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningKeyDirectory } from '../../ports/directories/signing-key-directory.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { AccessTokenClaims, Jwks, TokenSigner } from '../../ports/token-signer.ts';
import { parseAccessTokenClaims } from './access-token-claims.ts';
import { BoundedMap } from './bounded-map.ts';
import { decodeCanonicalBase64url } from './canonical-base64url.ts';
import type { UsableKey } from './project-keys.ts';
import { SigningKeyRings } from './signing-key-rings.ts';

const TYPE = 'at+jwt';
/** No bigger than the header that it comes in may be. */
const MAX_LENGTH = 16_384;
const REMEMBERED_TOKENS = 5_000;

interface Verified {
  readonly claims: AccessTokenClaims;
  readonly kid: string;
}

export interface JoseTokenSignerParts {
  readonly signingKeyDirectory: Pick<SigningKeyDirectory, 'ofProject'>;
  readonly secretBox: SecretBox;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/**
 * Access tokens (RFC 9068) with jose. A key comes from the project's own ring and is used with its one algorithm,
 * whatever the token says of itself (RFC 8725 §3.1, §3.10). What was verified once is remembered by its SHA-256 for as
 * long as its key is published; failures are not.
 */
export class JoseTokenSigner implements TokenSigner {
  readonly #rings: SigningKeyRings;
  readonly #publicUrl: string;
  readonly #clock: Clock;
  readonly #verified = new BoundedMap<string, Verified>(REMEMBERED_TOKENS);

  constructor({ signingKeyDirectory, secretBox, publicUrl, clock }: JoseTokenSignerParts) {
    this.#rings = new SigningKeyRings(signingKeyDirectory, secretBox, clock);
    this.#publicUrl = publicUrl;
    this.#clock = clock;
  }

  /** Rejects with `unavailable` where the project has no current key. */
  async sign(claims: AccessTokenClaims): Promise<string> {
    const ring = await this.#rings.of(claims.pid);
    const signer = await ring?.signer();
    if (!signer) throw new IamError('unavailable', { retryAfterSeconds: 1 });
    return new SignJWT({ iss: this.#issuer(claims.pid), aud: claims.pid, ...claims })
      .setProtectedHeader({ alg: signer.algorithm, kid: signer.kid, typ: TYPE })
      .sign(signer.key);
  }

  async verify(token: string): Promise<AccessTokenClaims> {
    const digest = hash('sha256', token, 'base64url');
    const known = this.#verified.get(digest);
    if (known) return this.#standing(known);
    const { projectId, kid } = namesIn(token);
    const key = await this.#keyFor(projectId, kid);
    const claims = await this.#check(token, projectId, key);
    this.#verified.set(digest, { claims, kid });
    return claims;
  }

  async jwks(projectId: ProjectId): Promise<Jwks | undefined> {
    return (await this.#rings.of(projectId))?.jwks;
  }

  forget(projectId: ProjectId): void {
    this.#rings.forget(projectId);
  }

  async #standing({ claims, kid }: Verified): Promise<AccessTokenClaims> {
    const ring = await this.#rings.of(claims.pid);
    if (!ring?.verifier(kid)) throw new IamError('token-invalid');
    if (claims.exp * 1000 <= this.#clock.now().getTime()) throw new IamError('token-expired');
    return claims;
  }

  async #keyFor(projectId: ProjectId, kid: string): Promise<UsableKey> {
    const ring = await this.#rings.of(projectId);
    const key = ring?.verifier(kid) ?? (ring && (await this.#rings.lookAgain(projectId))?.verifier(kid));
    if (!key) throw new IamError('token-invalid');
    return key;
  }

  async #check(token: string, projectId: ProjectId, { key, algorithm }: UsableKey): Promise<AccessTokenClaims> {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: TYPE,
      issuer: this.#issuer(projectId),
      audience: projectId,
      currentDate: this.#clock.now(),
    }).catch((error: unknown) => {
      throw new IamError(error instanceof errors.JWTExpired ? 'token-expired' : 'token-invalid');
    });
    const claims = parseAccessTokenClaims(payload);
    if (!claims || payload.aud !== projectId || claims.pid !== projectId) throw new IamError('token-invalid');
    return claims;
  }

  #issuer(projectId: ProjectId): string {
    return `${this.#publicUrl}/projects/${projectId}`;
  }
}

/** What a token says of itself, to choose the key that shall prove it. */
function namesIn(token: string): { readonly projectId: ProjectId; readonly kid: string } {
  if (!isLegalForm(token)) throw new IamError('token-invalid');
  try {
    const projectId = ProjectId.parse(decodeJwt(token).pid);
    const { kid } = decodeProtectedHeader(token);
    if (projectId && typeof kid === 'string') return { projectId, kid };
  } catch {
    // Not a JWT at all: refused below like one that names no key.
  }
  throw new IamError('token-invalid');
}

/** Base64url and dots alone, each part in its one spelling (RFC 7515 §7.1). */
function isLegalForm(token: string): boolean {
  return token.length <= MAX_LENGTH && token.split('.').every((part) => decodeCanonicalBase64url(part) !== undefined);
}
