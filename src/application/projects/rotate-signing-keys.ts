import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { JWKS_MAX_AGE_SECONDS } from '../../domain/project/signing-key.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { SigningKeyView } from './list-signing-keys.ts';
import type { PlatformAuthority } from './platform-authority.ts';
import type { SigningKeySuccession } from './signing-key-succession.ts';

type RotateSigningKeysDeps = Pick<Ports, 'projectDirectory'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly signingKeySuccession: SigningKeySuccession;
};

/** next → current → previous, and a new next. No token that was signed before stops verifying (ASVS 13.3.4). */
export class RotateSigningKeys {
  readonly #deps: RotateSigningKeysDeps;
  constructor(deps: RotateSigningKeysDeps) {
    this.#deps = deps;
  }

  /**
   * Where the next key is missing it is made, and too young.
   * @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `rotation-too-soon`
   */
  async execute(actor: UserActor | Operator, projectId: ProjectId): Promise<readonly SigningKeyView[]> {
    const { platformAuthority, projectDirectory, signingKeySuccession } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const project = await projectDirectory.byId(projectId);
    if (project === undefined) throw new IamError('not-found');
    const { kind, keys } = await signingKeySuccession.advance(actor, project);
    if (kind === 'mended') throw new IamError('rotation-too-soon', { retryAfterSeconds: JWKS_MAX_AGE_SECONDS });
    return keys;
  }
}
