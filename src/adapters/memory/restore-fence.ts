import { awaitsRecord } from '../../domain/session/refresh-token.ts';
import { stepAt, type TotpStep } from '../../domain/user/totp-factor.ts';
import type { FenceProgress, RestoreFence } from '../../ports/restore-fence.ts';
import type { MemoryStore } from './store.ts';
import type { Table } from './table.ts';

/** More than ever happens to somebody between a backup and its restore. */
const AHEAD = 1_000_000;

export class MemoryRestoreFence implements RestoreFence {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async *raise(now: Date): AsyncIterable<FenceProgress> {
    const { sessions, oneTimeTokens, challenges, authorizationRequests, recoveryCodes } = this.#store;
    const { ownershipTransfers, invitations, totpFactors, roles, events } = this.#store;
    const step = (stepAt(now) + 1) as TotpStep;
    const version = this.#store.nextVersion();
    change(sessions, version, (session) =>
      awaitsRecord(session) ? { ...session, expiresAt: session.expiresAt < now ? session.expiresAt : now } : undefined,
    );
    for (const table of [oneTimeTokens, challenges, authorizationRequests, recoveryCodes, ownershipTransfers]) {
      for (const [key] of [...table.entries()]) table.delete(key);
    }
    change(invitations, version, (invitation) => ({ ...invitation, digest: null }));
    change(totpFactors, version, (factor) =>
      factor.secret === null || (factor.lastStep ?? 0) >= step ? factor : { ...factor, lastStep: step },
    );
    change(roles, version, (role) => role);
    events.floor += AHEAD;
    for (const [stream, last] of events.numbers) events.numbers.set(stream, last + AHEAD);
    yield { done: 1, of: 1 };
  }
}

/** Every row is newer than before, as `after` makes it, or gone. */
function change<State extends object, Unique extends string, Group extends string>(
  table: Table<State, Unique, Group>,
  version: number,
  after: (state: State) => State | undefined,
): void {
  for (const [key, state] of [...table.entries()]) {
    const next = after(state);
    if (next === undefined) table.delete(key);
    else table.put(next, version);
  }
}
