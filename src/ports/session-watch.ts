import type { ProjectId } from '../domain/project/project.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { UserId } from '../domain/user/user.ts';

/** Whose sessions are to be looked at again: a person's, or everybody's in a tenant or a project. */
export type Watched = { readonly userId: UserId } | { readonly tenantId: TenantId } | { readonly projectId: ProjectId };

/**
 * Something that access tokens depend on has changed: a session ended, roles, status, a blocked tenant. Whoever
 * remembers how such a session stood MUST look again.
 */
export interface SessionWatch {
  /** Reaches this process before it resolves, the others within 2 s. MUST NOT fail when they cannot be reached. */
  announce(watched: Watched): Promise<void>;
  subscribe(listener: (watched: Watched) => void): void;
}
