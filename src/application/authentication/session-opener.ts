import type { ProjectState } from '../../domain/project/project.ts';
import { type AuthenticationMethod, type Impersonator, RefreshToken } from '../../domain/session/refresh-token.ts';
import type { User } from '../../domain/user/user.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { SecretIssuer } from '../../ports/secret-issuer.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';

/** Saves a new session. The caller saves or touches the user in the same commit, so that it opens for nobody who changed. */
export class SessionOpener {
  readonly #idGenerator: IdGenerator;
  readonly #secretIssuer: SecretIssuer;

  constructor(deps: { readonly idGenerator: IdGenerator; readonly secretIssuer: SecretIssuer }) {
    this.#idGenerator = deps.idGenerator;
    this.#secretIssuer = deps.secretIssuer;
  }

  /** Answers how the session will stand once this is committed; the user MUST be as they are to be saved. */
  open(
    { refreshTokens }: Pick<Repositories, 'refreshTokens'>,
    visitor: Visitor,
    project: ProjectState,
    user: User,
    { tenant, roles }: TenantOfUser,
    proof: {
      readonly amr: readonly AuthenticationMethod[];
      readonly authenticatedAt: Date;
      readonly impersonator?: Impersonator;
    },
    now: Date,
  ): SessionStanding {
    const session = RefreshToken.issue(
      {
        ...proof,
        impersonator: proof.impersonator ?? null,
        id: this.#idGenerator.next(),
        projectId: project.id,
        tenantId: tenant.id,
        userId: user.id,
        clientId: visitor.dialect,
        nonce: this.#secretIssuer.nonce(),
        epoch: user.toState().sessionEpoch,
        address: visitor.origin.address,
        userAgent: visitor.origin.userAgent,
      },
      project.settings,
      now,
    );
    refreshTokens.save(session);
    const impersonator = proof.impersonator ? { epoch: proof.impersonator.epoch, inUse: true } : null;
    return { session: session.toState(), user: user.toState(), tenant, roles, impersonator };
  }
}
