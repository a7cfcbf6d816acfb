import type { Dialect } from '../domain/events.ts';
import type { ApiKeyId } from '../domain/project/api-key.ts';
import type { ProjectId, ProjectState } from '../domain/project/project.ts';
import { EffectivePermissions } from '../domain/role/effective-permissions.ts';
import { EVERYTHING } from '../domain/role/permission.ts';
import type { SessionId } from '../domain/session/refresh-token.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { UserId } from '../domain/user/user.ts';

/** Where a call comes from. */
export interface Origin {
  /** The client's IP address, as text. */
  readonly address: string | null;
  /**
   * What guesses are counted by: the IPv4 address or the IPv6 /64. `null` when the address of the person is not
   * known (a back end that does not tell): no network is ever a familiar one then.
   */
  readonly network: string | null;
  readonly userAgent: string | null;
}

/** Nowhere in particular: a call inside the process. */
export const HERE: Origin = { address: null, network: null, userAgent: null };

/** Somebody at the door of a project, not signed in. */
export interface Visitor {
  readonly projectId: ProjectId;
  readonly dialect: Dialect;
  readonly origin: Origin;
}

/** Somebody signed in, acting in one tenant. Made by `authenticate` alone. */
export interface UserActor extends Visitor {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
  readonly permissions: EffectivePermissions;
  /** Whoever acts in the person's place: what they do is recorded as theirs. */
  readonly impersonatorId: UserId | null;
}

/** A back end that administers the root tenant of its project: an API key with `manage`. */
export interface KeyActor {
  readonly apiKeyId: ApiKeyId;
  readonly projectId: ProjectId;
  readonly dialect: Dialect;
  readonly tenantId: TenantId;
  readonly origin: Origin;
  /** Every permission that a tenant may hold. */
  readonly permissions: EffectivePermissions;
}

/** Whoever administers a tenant. */
export type Administrator = UserActor | KeyActor;

export function keyActor(
  apiKeyId: ApiKeyId,
  project: Pick<ProjectState, 'id' | 'rootTenantId'>,
  origin: Origin,
): KeyActor {
  const permissions = new EffectivePermissions([EVERYTHING], { platform: false });
  return { apiKeyId, projectId: project.id, dialect: 'v1', tenantId: project.rootTenantId, origin, permissions };
}

/** Whoever runs the process: the command line, the first start. */
export interface Operator {
  readonly operator: true;
  readonly origin: Origin;
}

export const OPERATOR: Operator = { operator: true, origin: HERE };

/** Whoever runs the process, looking after one tenant. */
export interface TenantOperator extends Operator {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
}

export function operatorIn(projectId: ProjectId, tenantId: TenantId): TenantOperator {
  return { ...OPERATOR, projectId, tenantId };
}

/** Held by whoever owns the platform, and by nobody else. */
export const PLATFORM_PROJECTS = 'platform.projects';
