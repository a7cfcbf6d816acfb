import { ApiKey } from '../../domain/project/api-key.ts';
import { Project } from '../../domain/project/project.ts';
import { SigningKey } from '../../domain/project/signing-key.ts';
import { RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import { TotpFactor } from '../../domain/user/totp-factor.ts';
import { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { attemptLedger } from './attempt-ledger.ts';
import { removeUser } from './cascades.ts';
import type { CollectedChanges } from './collected-changes.ts';
import { LostRace } from './commit.ts';
import { providerRepositories } from './provider-repositories.ts';
import { sessionRepositories } from './session-repositories.ts';
import { liveSigningKeys } from './signing-keys.ts';
import { type MemoryStore, scoped } from './store.ts';
import { tenancyRepositories } from './tenancy-repositories.ts';
import { webhookEndpointRepository } from './webhook-endpoints.ts';

/** The repositories of one run of the work. */
export function memoryRepositories(store: MemoryStore, changes: CollectedChanges): Repositories {
  return {
    ...sessionRepositories(store, changes),
    ...tenancyRepositories(store, changes),
    ...providerRepositories(store, changes),
    projects: {
      byId: async (id) => changes.read(store.projects, id, Project.rehydrate),
      platform: async () =>
        changes.read(store.projects, store.projects.keyByUnique('platform', 'the one'), Project.rehydrate),
      save: (project) => changes.save(store.projects, project),
    },
    apiKeys: {
      byId: async (projectId, id) => changes.read(store.apiKeys, scoped(projectId, id), ApiKey.rehydrate),
      save: (key) => changes.save(store.apiKeys, key),
    },
    signingKeys: {
      ofProject: async (projectId) =>
        liveSigningKeys(store, projectId).flatMap(
          ({ kid }) => changes.read(store.signingKeys, scoped(projectId, kid), SigningKey.rehydrate) ?? [],
        ),
      save: (key) => changes.save(store.signingKeys, key),
    },
    users: {
      byId: async (projectId, id) => changes.read(store.users, scoped(projectId, id), User.rehydrate),
      byEmail: async (projectId, email) =>
        changes.read(store.users, store.users.keyByUnique('email', scoped(projectId, email)), User.rehydrate),
      save: (user) => changes.save(store.users, user),
      touch: (user) => changes.touch(store.users, user),
      remove: (user) => changes.remove(user, (commit, key) => removeUser(store, commit, key)),
    },
    seats: {
      taken: async (projectId) => store.seats.get(projectId)?.taken ?? 0,
      take: (projectId, limit) =>
        changes.change((commit) => {
          const taken = (store.seats.get(projectId)?.taken ?? 0) + 1;
          if (limit !== null && taken > limit) throw new LostRace();
          commit.put(store.seats, { projectId, taken });
        }),
      release: (projectId) =>
        changes.change((commit) => {
          const taken = Math.max(0, (store.seats.get(projectId)?.taken ?? 0) - 1);
          commit.put(store.seats, { projectId, taken });
        }),
    },
    recoveryCodes: {
      ofUser: async (projectId, userId) =>
        changes.read(store.recoveryCodes, scoped(projectId, userId), RecoveryCodes.rehydrate),
      save: (codes) => changes.save(store.recoveryCodes, codes),
    },
    totpFactors: {
      ofUser: async (projectId, userId) =>
        changes.read(store.totpFactors, scoped(projectId, userId), TotpFactor.rehydrate),
      asSeen: (seen) => changes.rehydrated(store.totpFactors, seen, TotpFactor.rehydrate),
      save: (factor) => changes.save(store.totpFactors, factor),
      remove: (factor) => changes.remove(factor, (commit, key) => commit.delete(store.totpFactors, key)),
    },
    webhookEndpoints: webhookEndpointRepository(store, changes),
    attempts: attemptLedger(store, changes),
    audit: { record: (entry) => changes.audit(entry) },
    events: { record: (event) => changes.tell(event) },
    requireUnchanged: (aggregate) => changes.requireUnchanged(aggregate),
  };
}
