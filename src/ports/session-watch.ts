import type { ProjectId } from '../domain/project/project.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { UserId } from '../domain/user/user.ts';

/**
 * Whose sessions are to be looked at again: a person's, everybody's in a tenant or a project, or all there are, since
 * something may have been announced that did not get through.
 */
export type Watched =
  | { readonly userId: UserId }
  | { readonly tenantId: TenantId }
  | { readonly projectId: ProjectId }
  | { readonly all: true };

/**
 * Something that access tokens depend on has changed: a session ended, roles, status, a blocked tenant. Whoever
 * remembers how such a session stood MUST look again.
 */
export interface SessionWatch {
  /**
   * Reaches this process before it resolves, the others within 2 s. MUST NOT fail or keep anybody waiting when they
   * cannot be reached; once they can, they hear `all` instead.
   */
  announce(watched: Watched): Promise<void>;
  /** Hears `all` too, whenever announcements of others get through again. Until then what is remembered only ages. */
  subscribe(listener: (watched: Watched) => void): void;
}
