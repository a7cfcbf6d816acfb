import type { PgTable } from 'drizzle-orm/pg-core';
import type { AggregateRoot } from '../../../domain/kernel/aggregate-root.ts';
import type { DomainEvent } from '../../../domain/kernel/domain-event.ts';

export type Aggregate = AggregateRoot<DomainEvent> & { toState(): object };

/** Where an aggregate lies. A column is named in the schema as the state names the value. */
export interface TableMapping {
  readonly table: PgTable;
  readonly key: readonly string[];
  /** Where a new one takes the place of whatever has the same values here. */
  readonly takesPlaceBy?: readonly string[];
  /** Rows of another table that come with a new aggregate. */
  details?(state: object): readonly DetailRow[];
}

/** How an aggregate comes back from there. */
export interface Mapping<State extends object, Root extends Aggregate> extends TableMapping {
  readonly key: readonly (keyof State & string)[];
  readonly takesPlaceBy?: readonly (keyof State & string)[];
  rehydrate(state: State): Root;
  details?(state: State): readonly DetailRow[];
}

export interface DetailRow {
  readonly table: PgTable;
  readonly key: readonly string[];
  readonly row: Readonly<Record<string, unknown>>;
}
