import type { ProjectState } from '../../domain/project/project.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import type { AccessTokenClaims, TokenSigner } from '../../ports/token-signer.ts';
import type { Policy } from '../policy.ts';
import type { PermissionResolver } from '../roles/permission-resolver.ts';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the access token. */
  readonly expiresAt: Date;
  readonly expiresInSeconds: number;
}

/** Makes the one pair that belongs to a generation of a session: asked again, it makes the same. */
export class TokenPairs {
  readonly #signer: TokenSigner;
  readonly #codec: RefreshTokenCodec;
  readonly #permissions: PermissionResolver;
  readonly #policy: Policy;

  constructor(deps: {
    readonly tokenSigner: TokenSigner;
    readonly refreshTokenCodec: RefreshTokenCodec;
    readonly permissionResolver: PermissionResolver;
    readonly policy: Policy;
  }) {
    this.#signer = deps.tokenSigner;
    this.#codec = deps.refreshTokenCodec;
    this.#permissions = deps.permissionResolver;
    this.#policy = deps.policy;
  }

  async of(project: ProjectState, standing: SessionStanding): Promise<TokenPair> {
    const { session } = standing;
    const claims = await this.#claims(project, standing);
    return {
      accessToken: await this.#signer.sign(claims),
      refreshToken: this.#codec.encode(session.id, session.generation, session.nonce),
      expiresAt: new Date(claims.exp * 1000),
      expiresInSeconds: claims.exp - claims.iat,
    };
  }

  async #claims(project: ProjectState, standing: SessionStanding): Promise<AccessTokenClaims> {
    const { session, user, roles } = standing;
    const iat = inSeconds(session.rotatedAt);
    const common = {
      sub: user.id,
      pid: session.projectId,
      tid: session.tenantId,
      sid: session.id,
      client_id: session.clientId,
      jti: `${session.id}.${session.generation}`,
      iat,
      exp: Math.min(iat + project.settings.accessTokenTtlSeconds, inSeconds(session.idleExpiresAt)),
      auth_time: inSeconds(session.authenticatedAt),
      amr: session.amr,
      email_verified: user.emailVerifiedAt !== null,
      roles: roles?.slugs ?? [],
      ...(session.impersonator && { act: { sub: session.impersonator.userId } }),
    };
    return session.clientId === 'v1'
      ? { ...common, tenantId: session.tenantId, email: user.email }
      : { ...common, ...(await this.#permissionsClaim(project, standing)) };
  }

  async #permissionsClaim(
    project: ProjectState,
    { tenant, user, roles }: SessionStanding,
  ): Promise<Pick<AccessTokenClaims, 'permissions' | 'permissions_omitted'>> {
    const effective = await this.#permissions.of({ project, tenantId: tenant.id, userId: user.id }, roles);
    const permissions = effective.claimableNames();
    // Names are ASCII; each takes its quotes and a comma besides.
    const bytes = permissions.reduce((sum, name) => sum + name.length + 3, 1);
    return bytes > this.#policy.permissionsClaimMaxBytes ? { permissions_omitted: true } : { permissions };
  }
}

function inSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
