import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isPublished, type SigningKeyState } from '../../domain/project/signing-key.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from './platform-authority.ts';

/** A key as its operator sees it: the private half stays where it is. */
export type SigningKeyView = Omit<SigningKeyState, 'sealedPrivateJwk'>;

type ListSigningKeysDeps = Pick<Ports, 'signingKeyDirectory' | 'projectDirectory' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** The signing keys of a project, without what they sign with. */
export class ListSigningKeys {
  readonly #deps: ListSigningKeysDeps;
  constructor(deps: ListSigningKeysDeps) {
    this.#deps = deps;
  }

  /** Those that are in use or will be. @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor | Operator, projectId: ProjectId): Promise<readonly SigningKeyView[]> {
    const { platformAuthority, projectDirectory, signingKeyDirectory, clock } = this.#deps;
    await platformAuthority.assert(actor);
    if ((await projectDirectory.byId(projectId)) === undefined) throw new IamError('not-found');
    const keys = await signingKeyDirectory.ofProject(projectId);
    return keys.filter((key) => isPublished(key, clock.now())).map(signingKeyView);
  }
}

export function signingKeyView({ sealedPrivateJwk: _, ...visible }: SigningKeyState): SigningKeyView {
  return visible;
}
