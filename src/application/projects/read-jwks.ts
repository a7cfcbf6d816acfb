import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Jwks, TokenSigner } from '../../ports/token-signer.ts';
import type { KnownProjects } from './known-projects.ts';

interface ReadJwksDeps {
  readonly knownProjects: KnownProjects;
  readonly tokenSigner: TokenSigner;
}

/** The public keys of a project (RFC 7517 §5). The same object for as long as they are the same. */
export class ReadJwks {
  readonly #deps: ReadJwksDeps;
  constructor(deps: ReadJwksDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found` for an unknown project, and where sign-in is disabled */
  async execute(projectId: ProjectId): Promise<Jwks> {
    const project = await this.#deps.knownProjects.byId(projectId);
    const jwks = project.settings.signInEnabled ? await this.#deps.tokenSigner.jwks(projectId) : undefined;
    if (jwks === undefined) throw new IamError('not-found');
    return jwks;
  }
}
