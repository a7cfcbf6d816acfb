import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { User, UserId } from '../../domain/user/user.ts';

export interface UserRepository {
  byId(projectId: ProjectId, id: UserId): Promise<User | undefined>;
  /** Whoever holds the address: everybody who is not deleted, and deleted people who had proven it. */
  byEmail(projectId: ProjectId, email: EmailAddress): Promise<User | undefined>;
  /** A held address MUST fail with `email-already-registered`. */
  save(user: User): void;
  /**
   * Saves what any number of sign-ins may change at once (the latest wins), provided that nobody has saved the user
   * since it was read.
   */
  touch(user: User): void;
  /** With memberships, sessions, tokens, links and codes. */
  remove(user: User): void;
}
