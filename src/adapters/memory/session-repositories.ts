import { OneTimeToken } from '../../domain/session/one-time-token.ts';
import { RefreshToken } from '../../domain/session/refresh-token.ts';
import { SignInChallenge } from '../../domain/session/sign-in-challenge.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { CollectedChanges } from './collected-changes.ts';
import { sessionStanding } from './session-standing.ts';
import { type MemoryStore, scoped } from './store.ts';

/** The repositories of sessions, and of what comes before and beside them. */
export function sessionRepositories(
  store: MemoryStore,
  changes: CollectedChanges,
): Pick<Repositories, 'refreshTokens' | 'oneTimeTokens' | 'signInChallenges'> {
  return {
    refreshTokens: {
      byId: async (projectId, id) => changes.read(store.sessions, scoped(projectId, id), RefreshToken.rehydrate),
      withStanding: async (projectId, id) => {
        const standing = sessionStanding(store, projectId, id);
        const session = changes.read(store.sessions, scoped(projectId, id), RefreshToken.rehydrate);
        return standing && session && { session, standing };
      },
      inPlaceOf: async (projectId, userId) =>
        store.sessions
          .ofGroup('user', scoped(projectId, userId))
          .filter(({ impersonator }) => impersonator !== null)
          .flatMap(({ id }) => changes.read(store.sessions, scoped(projectId, id), RefreshToken.rehydrate) ?? []),
      remove: (session) => changes.remove(session, (commit, key) => commit.delete(store.sessions, key)),
      save: (session) => changes.save(store.sessions, session),
      endAll: (projectId, tenantId, userId, now) =>
        changes.change((commit) => {
          for (const session of store.sessions.ofGroup('user', scoped(projectId, userId))) {
            if (session.tenantId !== tenantId || session.endedAt !== null) continue;
            commit.put(store.sessions, { ...session, endedAt: now, endedBy: 'membership-ended' });
          }
        }),
    },
    oneTimeTokens: {
      ofUser: async (projectId, userId, purpose) =>
        changes.read(store.oneTimeTokens, scoped(projectId, userId, purpose), OneTimeToken.rehydrate),
      byDigest: async (projectId, purpose, digests) => {
        const keys = digests.map((digest) =>
          store.oneTimeTokens.keyByUnique('digest', scoped(projectId, purpose, digest)),
        );
        return changes.read(store.oneTimeTokens, keys.find(isKnown), OneTimeToken.rehydrate);
      },
      save: (token) => changes.replace(store.oneTimeTokens, token),
      spend: (token) => changes.remove(token, (commit, key) => commit.delete(store.oneTimeTokens, key)),
      discard: (projectId, userId, purposes) =>
        changes.change((commit) => {
          for (const purpose of purposes) commit.delete(store.oneTimeTokens, scoped(projectId, userId, purpose));
        }),
    },
    signInChallenges: {
      byDigest: async (projectId, kind, digests) => {
        const keys = digests.map((digest) => store.challenges.keyByUnique('digest', scoped(projectId, kind, digest)));
        return changes.read(store.challenges, keys.find(isKnown), SignInChallenge.rehydrate);
      },
      save: (challenge) => changes.save(store.challenges, challenge),
      spend: (challenge) => changes.remove(challenge, (commit, key) => commit.delete(store.challenges, key)),
      discard: (projectId, userId) =>
        changes.change((commit) => {
          const mine = store.challenges.keysOfGroup('user', scoped(projectId, userId));
          for (const key of mine) commit.delete(store.challenges, key);
        }),
    },
  };
}

function isKnown(key: string | undefined): boolean {
  return key !== undefined;
}
