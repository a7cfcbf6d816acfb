import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';
import type { User } from '../../domain/user/user.ts';

/** Who joins, as the commit finds them, and how they showed that it is them. */
export interface Joining {
  readonly user: User;
  readonly amr: readonly AuthenticationMethod[];
  readonly authenticatedAt: Date;
}
