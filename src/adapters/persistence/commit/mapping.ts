import type { PgTable } from 'drizzle-orm/pg-core';
import type { AggregateRoot } from '../../../domain/kernel/aggregate-root.ts';
import type { DomainEvent } from '../../../domain/kernel/domain-event.ts';

export type Aggregate = AggregateRoot<DomainEvent> & { toState(): object };

/** Where an aggregate lies. A column is named in the schema as the state names the value. */
export interface TableMapping {
  readonly table: PgTable;
  readonly key: readonly string[];
  /** What tells the row, where the rest of the key tells who lies in it. */
  readonly place?: readonly string[];
  /** Whether a new one takes the place of whatever lies there. */
  readonly takesPlace?: true;
  /** Rows of another table that the aggregate brings, and takes along. */
  details?(state: object): readonly DetailRow[];
}

/** How an aggregate comes back from there. */
export interface Mapping<State extends object, Root extends Aggregate> extends TableMapping {
  readonly key: readonly (keyof State & string)[];
  readonly place?: readonly (keyof State & string)[];
  rehydrate(state: State): Root;
  details?(state: State): readonly DetailRow[];
}

export interface DetailRow {
  readonly table: PgTable;
  readonly key: readonly string[];
  readonly row: Readonly<Record<string, unknown>>;
}
