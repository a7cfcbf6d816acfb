import { randomBytes } from 'node:crypto';
import { AesGcmSecretBox } from '../../src/adapters/crypto/aes-gcm-secret-box.ts';
import { JoseSigningKeyFactory } from '../../src/adapters/crypto/jose-signing-key-factory.ts';
import { JoseTokenSigner } from '../../src/adapters/crypto/jose-token-signer.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { SigningAlgorithm } from '../../src/domain/project/project-settings.ts';
import { SigningKey, type SigningKeyState } from '../../src/domain/project/signing-key.ts';
import type { SigningKeyDirectory } from '../../src/ports/directories/signing-key-directory.ts';
import type { AccessTokenClaims } from '../../src/ports/token-signer.ts';
import { anId } from '../support/builders.ts';
import { SettableClock } from '../support/clock.ts';

/** Where the keys lie, and whether anybody can get at them. */
export class KeyShelf implements Pick<SigningKeyDirectory, 'ofProject'> {
  readonly keys = new Map<ProjectId, SigningKey[]>();
  reachable = true;
  lookups = 0;
  /** What the answers to look-ups wait for on their way. */
  delay: Promise<void> = Promise.resolve();

  async ofProject(projectId: ProjectId): Promise<readonly SigningKeyState[]> {
    this.lookups += 1;
    if (!this.reachable) throw new Error('database gone');
    const states = (this.keys.get(projectId) ?? []).map((key) => key.toState());
    await this.delay;
    return states.filter(({ stage }) => stage !== 'retired');
  }
}

export const PUBLIC_URL = 'https://id.example.test';

/** A signer over a shelf, as one process has it; `another` is a second process over the same shelf. */
export function aSigner() {
  const clock = new SettableClock();
  const shelf = new KeyShelf();
  const secretBox = new AesGcmSecretBox(new KeyRing(randomBytes(32)));
  const factory = new JoseSigningKeyFactory(secretBox);
  const another = () => new JoseTokenSigner({ signingKeyDirectory: shelf, secretBox, publicUrl: PUBLIC_URL, clock });

  const addKey = async (projectId: ProjectId, algorithm: SigningAlgorithm = 'ES256'): Promise<SigningKey> => {
    const key = SigningKey.prepare(await factory.generate(projectId, algorithm), clock.now());
    shelf.keys.set(projectId, [...(shelf.keys.get(projectId) ?? []), key]);
    return key;
  };
  const aProjectWithKey = async (algorithm: SigningAlgorithm = 'ES256') => {
    const projectId = anId<ProjectId>();
    const key = await addKey(projectId, algorithm);
    key.activate(clock.now());
    return { projectId, key };
  };
  return { clock, shelf, secretBox, factory, signer: another(), another, addKey, aProjectWithKey };
}

export function claimsFor(projectId: ProjectId, now: Date, given: Partial<AccessTokenClaims> = {}): AccessTokenClaims {
  const iat = Math.floor(now.getTime() / 1000);
  return {
    sub: anId(),
    pid: projectId,
    tid: anId(),
    sid: anId(),
    client_id: 'gate',
    jti: anId(),
    iat,
    exp: iat + 900,
    auth_time: iat,
    amr: ['pwd'],
    email_verified: true,
    roles: ['user'],
    permissions: ['users.list'],
    ...given,
  };
}
