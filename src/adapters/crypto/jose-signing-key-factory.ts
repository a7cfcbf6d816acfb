import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ProjectId } from '../../domain/project/project.ts';
import type { SigningAlgorithm } from '../../domain/project/project-settings.ts';
import type { KeyId, PublicJwk } from '../../domain/project/signing-key.ts';
import { signingKeyBinding } from '../../domain/project/signing-key-binding.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { SigningKeyFactory } from '../../ports/signing-key-factory.ts';

const RSA_BITS = 2048;

/** RS256 with 2048 bits, ES256 on P-256, Ed25519 (RFC 7518, RFC 8037, RFC 9864). The kid is the RFC 7638 thumbprint. */
export class JoseSigningKeyFactory implements SigningKeyFactory {
  readonly #secretBox: SecretBox;

  constructor(secretBox: SecretBox) {
    this.#secretBox = secretBox;
  }

  async generate(projectId: ProjectId, algorithm: SigningAlgorithm) {
    const pair = await generateKeyPair(algorithm, { modulusLength: RSA_BITS, extractable: true });
    const [publicHalf, privateHalf] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
    const kid = (await calculateJwkThumbprint(publicHalf, 'sha256')) as KeyId;
    const publicJwk: PublicJwk = { ...textMembers(publicHalf), kid, use: 'sig', alg: algorithm };
    const sealedPrivateJwk = this.#secretBox.seal(JSON.stringify(privateHalf), signingKeyBinding(projectId, kid));
    return { kid, projectId, algorithm, publicJwk, sealedPrivateJwk };
  }
}

/** Every member that a public RSA, EC or OKP key has is text. */
function textMembers(jwk: JWK): PublicJwk {
  return Object.fromEntries(
    Object.entries(jwk).filter((member): member is [string, string] => typeof member[1] === 'string'),
  );
}
