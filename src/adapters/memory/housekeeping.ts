import { RETIRED_KEY_KEPT_SECONDS } from '../../domain/project/signing-key.ts';
import { awaitsRecord, isUnexpired } from '../../domain/session/refresh-token.ts';
import { EXPIRED_INVITATION_KEPT_SECONDS } from '../../domain/tenant/invitation.ts';
import { isUnproven, UNPROVEN_ACCOUNT_LIFE_SECONDS } from '../../domain/user/account-standing.ts';
import { isForgottenAttempt } from '../../domain/user/attempt-window.ts';
import type { Housekeeping, SessionKey } from '../../ports/housekeeping.ts';
import { BURIED_KEPT_SECONDS } from '../../ports/outbox-feed.ts';
import { removeTenant, removeUser } from './cascades.ts';
import { Commit } from './commit.ts';
import { isForgotten } from './idempotency-store.ts';
import { type MemoryStore, scoped } from './store.ts';

export class MemoryHousekeeping implements Housekeeping {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async sweep(now: Date, batchSize: number): Promise<number> {
    let swept = 0;
    for (const removeOne of this.#expired(now)) {
      if (swept >= batchSize) break;
      removeOne();
      swept += 1;
    }
    return swept;
  }

  async awaitingRecord(after: SessionKey | undefined, limit: number): Promise<readonly SessionKey[]> {
    const keyOf = ({ projectId, id }: SessionKey) => scoped(projectId, id);
    return [...this.#store.sessions.entries()]
      .filter(([key, session]) => awaitsRecord(session) && (after === undefined || key > keyOf(after)))
      .map(([, { projectId, id }]) => ({ projectId, id }))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .slice(0, limit);
  }

  *#expired(now: Date): Iterable<() => void> {
    const { sessions, oneTimeTokens, challenges, authorizationRequests, ownershipTransfers } = this.#store;
    const { totpFactors, signingKeys, idempotencyKeys, attempts } = this.#store;
    for (const [key, session] of sessions.entries()) {
      const isOpen = session.endedAt === null && isUnexpired(session, now);
      if (!isOpen && !awaitsRecord(session)) yield () => sessions.delete(key);
    }
    for (const table of [oneTimeTokens, challenges, authorizationRequests, ownershipTransfers]) {
      for (const [key, { expiresAt }] of table.entries()) if (expiresAt <= now) yield () => table.delete(key);
    }
    for (const [key, { secret, pendingExpiresAt }] of totpFactors.entries()) {
      const isOver = secret === null && pendingExpiresAt !== null && pendingExpiresAt <= now;
      if (isOver) yield () => totpFactors.delete(key);
    }
    const retired = new Date(now.getTime() - RETIRED_KEY_KEPT_SECONDS * 1000);
    for (const [key, { expiresAt }] of signingKeys.entries()) {
      if (expiresAt !== null && expiresAt <= retired) yield () => signingKeys.delete(key);
    }
    for (const [key, row] of idempotencyKeys) if (isForgotten(row, now)) yield () => idempotencyKeys.delete(key);
    for (const [key, { window, succeededAt }] of attempts) {
      if (isForgottenAttempt(window, succeededAt, now)) yield () => attempts.delete(key);
    }
    yield* this.#forgottenMessages(now);
    yield* this.#forgottenInvitations(now);
    yield* this.#unprovenAccounts(now);
  }

  *#forgottenMessages(now: Date): Iterable<() => void> {
    const { buried } = this.#store;
    const oldest = new Date(now.getTime() - BURIED_KEPT_SECONDS * 1000);
    for (const [id, { buriedAt }] of buried) if (buriedAt <= oldest) yield () => buried.delete(id);
  }

  /** With whoever stood in for the invited people; of others only the invitation went already, with its tenant. */
  *#forgottenInvitations(now: Date): Iterable<() => void> {
    const { users, invitations } = this.#store;
    const oldest = new Date(now.getTime() - EXPIRED_INVITATION_KEPT_SECONDS * 1000);
    for (const [key, { status }] of users.entries()) {
      if (status !== 'invited') continue;
      const invitationKey = invitations.keyByUnique('user', key);
      const invitation = invitationKey && invitations.get(invitationKey);
      if (invitation && invitation.expiresAt > oldest) continue;
      yield () => removeUser(this.#store, new Commit(this.#store.nextVersion()), key);
    }
  }

  *#unprovenAccounts(now: Date): Iterable<() => void> {
    const { users, projects, tenants } = this.#store;
    const oldest = new Date(now.getTime() - UNPROVEN_ACCOUNT_LIFE_SECONDS * 1000);
    for (const [key, user] of users.entries()) {
      if (!isUnproven(user) || user.status === 'invited' || user.createdAt > oldest) continue;
      const project = projects.get(user.projectId);
      if (!project?.settings.emailVerificationRequired) continue;
      const ownsRoot = tenants.keysOfGroup('owner', key).includes(scoped(project.id, project.rootTenantId));
      if (!ownsRoot && !this.#isToBeRecorded(key, now))
        yield () => this.#removeAccount(key, project.id, user.holdsSeat);
    }
  }

  #isToBeRecorded(key: string, now: Date): boolean {
    const { sessions, memberships, ownershipTransfers } = this.#store;
    const offers = memberships
      .keysOfGroup('user', key)
      .flatMap((member) => ownershipTransfers.ofGroup('member', member));
    return sessions.ofGroup('user', key).some(awaitsRecord) || offers.some(({ expiresAt }) => expiresAt > now);
  }

  /** With the tenants that nobody else owns, and the seat. */
  #removeAccount(key: string, projectId: string, holdsSeat: boolean): void {
    const { tenants, seats } = this.#store;
    const commit = new Commit(this.#store.nextVersion());
    for (const tenant of tenants.keysOfGroup('owner', key)) removeTenant(this.#store, commit, tenant);
    removeUser(this.#store, commit, key);
    const taken = seats.get(projectId)?.taken ?? 0;
    if (holdsSeat && taken > 0) commit.put(seats, { projectId, taken: taken - 1 });
  }
}
