import type { ProjectId } from '../domain/project/project.ts';
import type { SigningAlgorithm } from '../domain/project/project-settings.ts';
import type { SigningKeyState } from '../domain/project/signing-key.ts';

/** Makes key pairs. The private half leaves it sealed. RSA keys have at least 2048 bits (ASVS 11.2.3). */
export interface SigningKeyFactory {
  generate(
    projectId: ProjectId,
    algorithm: SigningAlgorithm,
  ): Promise<Pick<SigningKeyState, 'kid' | 'projectId' | 'algorithm' | 'publicJwk' | 'sealedPrivateJwk'>>;
}
