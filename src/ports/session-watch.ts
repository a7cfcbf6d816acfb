import type { UserId } from '../domain/user/user.ts';

/**
 * Something that a person's access tokens depend on has changed: a session ended, roles, status. Whoever remembers
 * how a session of that person stood MUST look again.
 */
export interface SessionWatch {
  /** Reaches this process before it resolves, the others within 2 s. */
  announce(userId: UserId): Promise<void>;
  subscribe(listener: (userId: UserId) => void): void;
}
