import { IamError, type IamErrorCode } from '../../domain/errors.ts';

/** A state and the number of the commit that saved it. */
export interface Row<State> {
  readonly state: State;
  readonly version: number;
}

type Taken = Extract<
  IamErrorCode,
  'email-already-registered' | 'invitation-pending' | 'provider-already-linked' | 'role-already-exists'
>;

export interface TableRules<State, Unique extends string, Group extends string> {
  readonly key: (state: State) => string;
  /** At most one row for each value; `undefined` takes part in nothing. */
  readonly unique?: Readonly<Record<Unique, (state: State) => string | undefined>>;
  /** What is thrown when a unique value is taken; `conflict` where nothing is said. */
  readonly taken?: Readonly<Partial<Record<Unique, Taken>>>;
  readonly groups?: Readonly<Record<Group, (state: State) => string | readonly string[] | undefined>>;
  /** Whether everything is there that the row points to. */
  readonly references?: (state: State) => boolean;
}

/** A table, whatever its indexes. */
export type AnyTable<State extends object> = Pick<
  Table<State>,
  'keyOf' | 'has' | 'row' | 'versionOf' | 'referencesHold' | 'put' | 'delete'
>;

/** Rows under their key, with the indexes that keep them unique and findable. What goes in or out is a copy. */
export class Table<State extends object, Unique extends string = never, Group extends string = never> {
  readonly #rules: TableRules<State, Unique, Group>;
  readonly #rows = new Map<string, Row<State>>();
  readonly #uniqueKeys = new Map<string, string>();
  readonly #groupKeys = new Map<string, Set<string>>();

  constructor(rules: TableRules<State, Unique, Group>) {
    this.#rules = rules;
  }

  keyOf(state: State): string {
    return this.#rules.key(state);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  row(key: string): Row<State> | undefined {
    const row = this.#rows.get(key);
    return row && { ...row, state: structuredClone(row.state) };
  }

  get(key: string): State | undefined {
    return this.row(key)?.state;
  }

  versionOf(key: string): number | undefined {
    return this.#rows.get(key)?.version;
  }

  keyByUnique(index: Unique, value: string): string | undefined {
    return this.#uniqueKeys.get(indexed(index, value));
  }

  keysOfGroup(index: Group, value: string): readonly string[] {
    return [...(this.#groupKeys.get(indexed(index, value)) ?? [])];
  }

  ofGroup(index: Group, value: string): readonly State[] {
    return this.keysOfGroup(index, value).flatMap((key) => this.get(key) ?? []);
  }

  /** For whole walks: the states themselves, not copies, to be looked at only. */
  *entries(): Iterable<readonly [key: string, state: State]> {
    for (const [key, { state }] of this.#rows) yield [key, state];
  }

  referencesHold(key: string): boolean {
    const row = this.#rows.get(key);
    return row === undefined || (this.#rules.references?.(row.state) ?? true);
  }

  /** Answers how to take it back. @throws IamError when a unique value is taken */
  put(given: State, version: number): () => void {
    const state = structuredClone(given);
    const key = this.keyOf(state);
    this.#assertFree(key, state);
    const before = this.#rows.get(key);
    this.#replace(key, before, { state, version });
    return () => this.#replace(key, this.#rows.get(key), before);
  }

  /** Answers how to take it back. */
  delete(key: string): () => void {
    const before = this.#rows.get(key);
    this.#replace(key, before, undefined);
    return () => this.#replace(key, undefined, before);
  }

  #assertFree(key: string, state: State): void {
    for (const [index, value] of this.#uniqueValues(state)) {
      const holder = this.#uniqueKeys.get(indexed(index, value));
      if (holder !== undefined && holder !== key) throw new IamError(this.#rules.taken?.[index] ?? 'conflict');
    }
  }

  #replace(key: string, before: Row<State> | undefined, after: Row<State> | undefined): void {
    if (before) this.#unlink(key, before.state);
    if (after) {
      this.#rows.set(key, after);
      this.#link(key, after.state);
    } else {
      this.#rows.delete(key);
    }
  }

  #link(key: string, state: State): void {
    for (const [index, value] of this.#uniqueValues(state)) this.#uniqueKeys.set(indexed(index, value), key);
    for (const group of this.#groupsOf(state)) {
      const members = this.#groupKeys.get(group) ?? new Set();
      this.#groupKeys.set(group, members.add(key));
    }
  }

  #unlink(key: string, state: State): void {
    for (const [index, value] of this.#uniqueValues(state)) this.#uniqueKeys.delete(indexed(index, value));
    for (const group of this.#groupsOf(state)) {
      const members = this.#groupKeys.get(group);
      members?.delete(key);
      if (members?.size === 0) this.#groupKeys.delete(group);
    }
  }

  #uniqueValues(state: State): readonly (readonly [Unique, string])[] {
    return valuesOf(this.#rules.unique, state);
  }

  #groupsOf(state: State): readonly string[] {
    return valuesOf(this.#rules.groups, state).map(([index, value]) => indexed(index, value));
  }
}

function valuesOf<State, Index extends string>(
  readers: Readonly<Record<Index, (state: State) => string | readonly string[] | undefined>> | undefined,
  state: State,
): readonly (readonly [Index, string])[] {
  const named = Object.entries(readers ?? {}) as [Index, (state: State) => string | readonly string[] | undefined][];
  return named.flatMap(([index, read]) => [read(state) ?? []].flat().map((value) => [index, value] as const));
}

function indexed(index: string, value: string): string {
  return `${index} ${value}`;
}
