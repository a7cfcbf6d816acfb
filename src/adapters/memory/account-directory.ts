import type { ProjectId } from '../../domain/project/project.ts';
import { passwordForm } from '../../domain/user/password-form.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Account, AccountDirectory, PasswordForms } from '../../ports/directories/account-directory.ts';
import { rolesOf } from './member-roles.ts';
import { type MemoryStore, scoped } from './store.ts';

export function accountDirectory(store: MemoryStore): AccountDirectory {
  const { users, providerLinks } = store;
  return {
    named: async (projectId, { ids, emails, identities }) => ({
      byId: ids.flatMap((id) => named(users.get(scoped(projectId, id)))),
      byEmail: emails.flatMap((email) => {
        const key = users.keyByUnique('email', scoped(projectId, email));
        return key === undefined ? [] : named(users.get(key));
      }),
      byIdentity: identities.flatMap(({ providerId, externalId }) => {
        const key = providerLinks.keyByUnique('identity', scoped(projectId, providerId, externalId));
        const link = key === undefined ? undefined : providerLinks.get(key);
        return link === undefined ? [] : [{ providerId, externalId, userId: link.userId }];
      }),
    }),
    page: async (projectId, { after, limit }) => {
      const all = [...users.entries()].map(([, user]) => user).filter((user) => isListed(user, projectId));
      const rest = all.filter(({ id }) => after === undefined || id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return { items: rest.slice(0, limit).map((user) => accountOf(store, user)), hasMore: rest.length > limit };
    },
    passwordForms: async (projectId) => {
      const forms = new Map<string, PasswordForms>();
      for (const [key, user] of users.entries()) {
        if (user.projectId !== projectId || user.email === null) continue;
        if (users.keyByUnique('email', scoped(projectId, user.email)) !== key) continue;
        const form = user.passwordHash === null ? '' : passwordForm(user.passwordHash);
        const accounts = (forms.get(form)?.accounts ?? 0) + 1;
        forms.set(form, { form, accounts, example: user.passwordHash });
      }
      return [...forms.values()].toSorted((a, b) => (a.form < b.form ? -1 : 1));
    },
  };
}

function isListed(user: UserState, projectId: ProjectId): boolean {
  return user.projectId === projectId && user.deletedAt === null && user.status !== 'invited';
}

function named(user: UserState | undefined): readonly Pick<UserState, 'id' | 'email'>[] {
  return user === undefined ? [] : [{ id: user.id, email: user.email }];
}

function accountOf(store: MemoryStore, user: UserState): Account {
  const key = scoped(user.projectId, user.id);
  const memberships = store.memberships.ofGroup('user', key).filter(({ deletedAt }) => deletedAt === null);
  const links = store.providerLinks.ofGroup('user', key);
  return {
    user: structuredClone(user),
    memberships: memberships
      .map((membership) => ({
        tenantId: membership.tenantId,
        roles: rolesOf(store, membership).map(({ slug }) => slug),
        disabled: membership.disabledAt !== null,
      }))
      .toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1)),
    totpSecret: store.totpFactors.get(key)?.secret ?? null,
    links: links
      .map(({ providerId, externalId, email, displayName }) => ({ providerId, externalId, email, displayName }))
      .toSorted((a, b) => (a.providerId < b.providerId ? -1 : 1)),
  };
}
