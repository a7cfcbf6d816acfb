import type { Commit } from './commit.ts';
import type { MemoryStore } from './store.ts';

/** A tenant goes with its roles, memberships, sessions and webhooks. */
export function removeTenant(store: MemoryStore, commit: Commit, key: string): void {
  for (const child of store.memberships.keysOfGroup('tenant', key)) removeMembership(store, commit, child);
  for (const child of store.sessions.keysOfGroup('tenant', key)) commit.delete(store.sessions, child);
  for (const role of store.roles.keysOfGroup('tenant', key)) commit.delete(store.roles, role);
  for (const webhook of store.webhookEndpoints.keysOfGroup('tenant', key)) removeWebhook(store, commit, webhook);
  commit.delete(store.tenants, key);
}

/** A webhook goes with its deliveries. */
export function removeWebhook({ webhookEndpoints, webhookDeliveries }: MemoryStore, commit: Commit, key: string): void {
  for (const child of webhookDeliveries.keysOfGroup('webhook', key)) commit.delete(webhookDeliveries, child);
  commit.delete(webhookEndpoints, key);
}

/** A user goes with memberships, sessions, tokens, challenges, links, requests, codes and authenticator app. */
export function removeUser(store: MemoryStore, commit: Commit, key: string): void {
  for (const child of store.memberships.keysOfGroup('user', key)) removeMembership(store, commit, child);
  for (const child of store.sessions.keysOfGroup('user', key)) commit.delete(store.sessions, child);
  for (const child of store.oneTimeTokens.keysOfGroup('user', key)) commit.delete(store.oneTimeTokens, child);
  for (const child of store.challenges.keysOfGroup('user', key)) commit.delete(store.challenges, child);
  removeFromProviders(store, commit, 'user', key);
  commit.delete(store.recoveryCodes, key);
  commit.delete(store.totpFactors, key);
  commit.delete(store.users, key);
}

/** A provider goes with the links of its people, and with whoever is on the way there. */
export function removeProvider(store: MemoryStore, commit: Commit, key: string): void {
  removeFromProviders(store, commit, 'provider', key);
  commit.delete(store.authProviders, key);
}

function removeFromProviders(
  { providerLinks, authorizationRequests }: MemoryStore,
  commit: Commit,
  of: 'user' | 'provider',
  key: string,
): void {
  for (const child of providerLinks.keysOfGroup(of, key)) commit.delete(providerLinks, child);
  for (const child of authorizationRequests.keysOfGroup(of, key)) commit.delete(authorizationRequests, child);
}

/** A membership goes with the invitation that it stands for, and with an offer of the tenant from or to the member. */
function removeMembership({ memberships, invitations, ownershipTransfers }: MemoryStore, commit: Commit, key: string) {
  for (const child of invitations.keysOfGroup('member', key)) commit.delete(invitations, child);
  for (const child of ownershipTransfers.keysOfGroup('member', key)) commit.delete(ownershipTransfers, child);
  commit.delete(memberships, key);
}
