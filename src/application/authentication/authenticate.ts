import { IamError } from '../../domain/errors.ts';
import type { Dialect } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { TokenSigner } from '../../ports/token-signer.ts';
import type { Origin, UserActor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { grantStands } from './grant.ts';
import type { SessionStandings } from './session-standings.ts';

interface AuthenticateDeps {
  readonly tokenSigner: TokenSigner;
  readonly sessionStandings: SessionStandings;
  readonly knownProjects: KnownProjects;
}

/** Turns an access token into somebody who may act. Warm, it costs no I/O. */
export class Authenticate {
  readonly #deps: AuthenticateDeps;
  constructor(deps: AuthenticateDeps) {
    this.#deps = deps;
  }

  /**
   * `projectId`: where given, the token must be of that project.
   * @throws IamError `token-invalid`, also when the session, the person or the membership is over; `token-expired`
   */
  async execute(input: {
    readonly token: string | undefined;
    readonly dialect: Dialect;
    readonly origin: Origin;
    readonly projectId?: ProjectId | undefined;
  }): Promise<UserActor> {
    if (input.token === undefined) throw new IamError('token-invalid');
    const claims = await this.#deps.tokenSigner.verify(input.token);
    if (claims.client_id !== input.dialect) throw new IamError('token-invalid');
    if (input.projectId !== undefined && claims.pid !== input.projectId) throw new IamError('token-invalid');
    const known = await this.#deps.sessionStandings.of(claims.pid, claims.sub, claims.sid);
    if (known === undefined || !grantStands(known.standing)) throw new IamError('token-invalid');
    const { session } = known.standing;
    if (session.tenantId !== claims.tid || session.clientId !== claims.client_id) throw new IamError('token-invalid');
    if (input.dialect === 'gate') await this.#assertRootTenant(claims.pid, claims.tid);
    return {
      projectId: claims.pid,
      dialect: input.dialect,
      origin: input.origin,
      userId: claims.sub,
      tenantId: claims.tid,
      sessionId: claims.sid,
      roles: known.roles,
      permissions: known.permissions,
      impersonatorId: session.impersonator?.userId ?? null,
    };
  }

  /** The Gate acts in the root tenant alone. */
  async #assertRootTenant(projectId: ProjectId, tenantId: string): Promise<void> {
    const project = await this.#deps.knownProjects.find(projectId);
    if (project?.rootTenantId !== tenantId) throw new IamError('token-invalid');
  }
}
