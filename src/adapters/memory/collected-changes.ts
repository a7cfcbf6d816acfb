import { uuidv7 } from 'uuidv7';
import type { IamEvent } from '../../domain/events.ts';
import type { AggregateRoot } from '../../domain/kernel/aggregate-root.ts';
import type { DomainEvent } from '../../domain/kernel/domain-event.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import { Commit, LostRace } from './commit.ts';
import type { MemoryStore } from './store.ts';
import type { AnyTable, Row } from './table.ts';

type Root = AggregateRoot<DomainEvent>;
type Aggregate<State> = Root & { toState(): State };
type Change = (commit: Commit) => void;

/** Where an aggregate was read, and how it stood. */
interface Origin {
  readonly key: string;
  readonly version: number;
  readonly isCurrent: () => boolean;
}

/** What one run of the work has read and wants to change. */
export class CollectedChanges {
  readonly #store: MemoryStore;
  readonly #origins = new Map<Root, Origin>();
  readonly #rehydrated = new Map<object, Map<string, Root>>();
  readonly #guards: Origin[] = [];
  /** One an aggregate: the latest call counts. */
  readonly #changes = new Map<Root, Change>();
  readonly #leaving = new Set<Root>();
  readonly #otherChanges: Change[] = [];
  readonly #entries: AuditEntry[] = [];
  readonly #events: IamEvent[] = [];

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  read<State extends object, Kind extends Root>(
    table: AnyTable<State>,
    key: string | undefined,
    rehydrate: (state: State) => Kind,
  ): Kind | undefined {
    const row = key === undefined ? undefined : table.row(key);
    return row && this.rehydrated(table, row, rehydrate);
  }

  /** The one aggregate of a row, remembered with the version it was first seen at. */
  rehydrated<State extends object, Kind extends Root>(
    table: AnyTable<State>,
    { state, version }: Row<State>,
    rehydrate: (state: State) => Kind,
  ): Kind {
    const key = table.keyOf(state);
    const known = this.#rehydrated.get(table)?.get(key);
    if (known !== undefined) return known as Kind;
    const aggregate = rehydrate(state);
    this.#rehydrated.set(table, (this.#rehydrated.get(table) ?? new Map()).set(key, aggregate));
    this.#origins.set(aggregate, { key, version, isCurrent: () => table.versionOf(key) === version });
    return aggregate;
  }

  /** Updates what was read here, inserts anything else. */
  save<State extends object>(table: AnyTable<State>, aggregate: Aggregate<State>): void {
    const origin = this.#origins.get(aggregate);
    this.#changes.set(aggregate, (commit) => {
      if (origin) assertCurrent(origin);
      else assertAbsent(table, aggregate.toState());
      commit.put(table, aggregate.toState());
    });
  }

  /** Takes the place of whatever stands under the same key. */
  replace<State extends object>(table: AnyTable<State>, aggregate: Aggregate<State>): void {
    this.#changes.set(aggregate, (commit) => commit.put(table, aggregate.toState()));
  }

  /** Updates without becoming a newer version, so that others may do the same. */
  touch<State extends object>(table: AnyTable<State>, aggregate: Aggregate<State>): void {
    const origin = this.#origins.get(aggregate);
    if (this.#changes.has(aggregate)) return;
    if (origin === undefined) {
      this.save(table, aggregate);
      return;
    }
    this.#changes.set(aggregate, (commit) => {
      assertCurrent(origin);
      commit.put(table, aggregate.toState(), origin.version);
    });
  }

  /** Only what was read here, and provided that it still stands as it was read. */
  remove(aggregate: Root, change: (commit: Commit, key: string) => void): void {
    const origin = this.#originOf(aggregate);
    // Asked before anything happens: the same unit may discard what it spends.
    this.#guards.push(origin);
    this.#leaving.add(aggregate);
    this.#changes.set(aggregate, (commit) => change(commit, origin.key));
  }

  change(change: Change): void {
    this.#otherChanges.push(change);
  }

  requireUnchanged(aggregate: Root): void {
    this.#guards.push(this.#originOf(aggregate));
  }

  audit(entry: AuditEntry): void {
    this.#entries.push(entry);
  }

  tell(event: IamEvent): void {
    this.#events.push(event);
  }

  /** All of it in one step. Answers `false`, and has done nothing, when somebody else was first. */
  apply(): boolean {
    const { auditLog } = this.#store;
    const records = this.#entries.map((entry) => [entry, auditLog.rowOf(entry)] as const);
    const commit = new Commit(this.#store.nextVersion());
    try {
      for (const guard of this.#guards) assertCurrent(guard);
      for (const change of this.#otherChanges) change(commit);
      for (const change of this.#inOrder()) change(commit);
      commit.assertWhole();
    } catch (error) {
      commit.rollBack();
      if (error instanceof LostRace) return false;
      throw error;
    }
    auditLog.append(records);
    this.#publish();
    return true;
  }

  /** Whoever leaves makes room for whoever comes. */
  #inOrder(): readonly Change[] {
    const [leaving, others] = [true, false].map((leaves) =>
      [...this.#changes].flatMap(([root, change]) => (this.#leaving.has(root) === leaves ? [change] : [])),
    );
    return [...(leaving ?? []), ...(others ?? [])];
  }

  #publish(): void {
    const recorded = [...this.#changes.keys()].flatMap((aggregate) => aggregate.releaseEvents() as IamEvent[]);
    const events = [...recorded, ...this.#events];
    for (const event of events) {
      const message = { event: structuredClone(event), attempts: 0, availableAt: undefined, reason: undefined };
      this.#store.outbox.set(uuidv7(), message);
    }
    this.#store.events.add(events);
    if (events.length > 0) for (const listener of this.#store.outboxListeners) queueMicrotask(listener);
  }

  #originOf(aggregate: Root): Origin {
    const origin = this.#origins.get(aggregate);
    if (origin === undefined) throw new TypeError('the aggregate was not read in this unit of work');
    return origin;
  }
}

function assertCurrent(origin: Origin): void {
  if (!origin.isCurrent()) throw new LostRace();
}

/** An id names one row for ever: what is there was not read, so it is somebody else's. */
function assertAbsent<State extends object>(table: AnyTable<State>, state: State): void {
  if (table.has(table.keyOf(state))) throw new LostRace();
}
