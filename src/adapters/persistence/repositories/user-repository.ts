import type { UserRepository } from '../../../ports/repositories/user-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { USER } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';
import { HELD_ADDRESS } from '../schema/users.ts';

export function userRepository(queries: Queries['users'], changes: ChangeSet): UserRepository {
  return {
    byId: async (projectId, id) => changes.rehydrated(USER, await queries.byId(projectId, id)),
    byEmail: async (projectId, email) => changes.rehydrated(USER, await queries.byEmail(projectId, email)),
    save: (user) => {
      changes.save(USER, user);
      changes.answerWith('email-already-registered', HELD_ADDRESS);
    },
    touch: (user) => changes.touch(user),
    // Memberships, sessions, tokens and codes go by their foreign keys.
    remove: (user) => changes.remove(user),
  };
}
