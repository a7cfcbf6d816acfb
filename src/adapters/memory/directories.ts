import { isLive } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isAlive } from '../../domain/session/refresh-token.ts';
import { digestedUnder } from '../../domain/session/secret-digest.ts';
import { isActiveMembership } from '../../domain/tenant/membership.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import { accountDirectory } from './account-directory.ts';
import { countOf } from './count-of.ts';
import { rolesOf } from './member-roles.ts';
import { newestFirst } from './newest-first.ts';
import { pageOf } from './page-of.ts';
import { providerDirectories } from './provider-directories.ts';
import { sessionStanding } from './session-standing.ts';
import { dueSigningKeys, liveSigningKeys } from './signing-keys.ts';
import { type MemoryStore, scoped } from './store.ts';
import { tenancyDirectories } from './tenancy-directories.ts';

const LIST_LIMIT = 100;

export type MemoryDirectories = Pick<
  Ports,
  | 'projectDirectory'
  | 'apiKeyDirectory'
  | 'signingKeyDirectory'
  | 'userDirectory'
  | 'accountDirectory'
  | 'sessionDirectory'
  | 'tenantDirectory'
  | 'memberDirectory'
  | 'roleDirectory'
  | 'permissionModuleDirectory'
  | 'invitationDirectory'
  | 'oneTimeTokenDirectory'
  | 'totpFactorDirectory'
  | 'authProviderDirectory'
  | 'providerLinkDirectory'
  | 'recoveryCodesDirectory'
>;

/** What is committed, for those who only look. */
export function memoryDirectories(store: MemoryStore): MemoryDirectories {
  const { projects, apiKeys, users, tenants, sessions, memberships, oneTimeTokens, totpFactors, recoveryCodes } = store;
  const oldestUsers = (projectId: ProjectId, ids: readonly UserId[]) =>
    [...new Set(ids)]
      .sort()
      .slice(0, LIST_LIMIT)
      .flatMap((id) => users.get(scoped(projectId, id)) ?? []);
  return {
    ...tenancyDirectories(store),
    ...providerDirectories(store),
    projectDirectory: {
      byId: async (id) => projects.get(id),
      platform: async () => found(projects, projects.keyByUnique('platform', 'the one')),
      page: async (request) =>
        pageOf(
          [...projects.entries()].map(([, project]) => structuredClone(project)),
          request,
        ),
    },
    apiKeyDirectory: {
      byDigest: async (projectId, digests) =>
        firstOf(digests, (digest) => found(apiKeys, apiKeys.keyByUnique('digest', scoped(projectId, digest)))),
      countLive: async (now) => {
        const keys = [...apiKeys.entries()].filter(([, key]) => isLive(key, now));
        return countOf(keys.map(([, { digest }]) => digestedUnder(digest)));
      },
      page: async (projectId, request) => pageOf(apiKeys.ofGroup('project', projectId), request),
    },
    signingKeyDirectory: {
      ofProject: async (projectId) => liveSigningKeys(store, projectId),
      due: async (since, limit) => dueSigningKeys(store, since).slice(0, limit),
    },
    accountDirectory: accountDirectory(store),
    userDirectory: {
      byId: async (projectId, id) => users.get(scoped(projectId, id)),
      byEmail: async (projectId, email) => found(users, users.keyByUnique('email', scoped(projectId, email))),
      holdersOf: async (projectId, tenantId, slugs) => {
        const members = memberships.ofGroup('tenant', scoped(projectId, tenantId)).filter(isActiveMembership);
        const holders = members.filter((member) => rolesOf(store, member).some(({ slug }) => slugs.includes(slug)));
        return oldestUsers(
          projectId,
          holders.map(({ userId }) => userId),
        );
      },
      ownersOver: async (projectId, userId) => {
        const all = memberships.ofGroup('user', scoped(projectId, userId));
        const theirs = all.filter(({ deletedAt }) => deletedAt === null);
        const owners = theirs.flatMap(({ tenantId }) => tenants.get(scoped(projectId, tenantId))?.ownerId ?? []);
        return oldestUsers(projectId, owners);
      },
    },
    sessionDirectory: {
      standing: async (projectId, id) => sessionStanding(store, projectId, id),
      aliveOfUser: async (projectId, userId, now) => {
        const user = users.get(scoped(projectId, userId));
        if (user === undefined) return [];
        const mine = sessions.ofGroup('user', scoped(projectId, userId));
        return newestFirst(mine.filter((session) => isAlive(session, user.sessionEpoch, now))).slice(0, LIST_LIMIT);
      },
    },
    oneTimeTokenDirectory: {
      byEmail: async (projectId, email, purpose) => {
        const user = found(users, users.keyByUnique('email', scoped(projectId, email)));
        const token = user && oneTimeTokens.get(scoped(projectId, user.id, purpose));
        return token && { token, user };
      },
      byDigest: async (projectId, purpose, digests) => {
        const token = firstOf(digests, (digest) =>
          found(oneTimeTokens, oneTimeTokens.keyByUnique('digest', scoped(projectId, purpose, digest))),
        );
        const user = token && users.get(scoped(projectId, token.userId));
        return token && user && { token, user };
      },
    },
    recoveryCodesDirectory: {
      ofUser: async (projectId, userId) => recoveryCodes.get(scoped(projectId, userId)),
      byEmail: async (projectId, email) => {
        const user = found(users, users.keyByUnique('email', scoped(projectId, email)));
        return user && { user, codes: recoveryCodes.get(scoped(projectId, user.id)) };
      },
    },
    totpFactorDirectory: {
      ofUser: async (projectId, userId) => totpFactors.row(scoped(projectId, userId)),
      byEmail: async (projectId, email) => {
        const user = found(users, users.keyByUnique('email', scoped(projectId, email)));
        return user && { user, factor: totpFactors.row(scoped(projectId, user.id)) };
      },
    },
  };
}

function found<State>(table: { get(key: string): State | undefined }, key: string | undefined): State | undefined {
  return key === undefined ? undefined : table.get(key);
}

function firstOf<In, Out>(candidates: readonly In[], look: (candidate: In) => Out | undefined): Out | undefined {
  for (const candidate of candidates) {
    const hit = look(candidate);
    if (hit !== undefined) return hit;
  }
  return undefined;
}
