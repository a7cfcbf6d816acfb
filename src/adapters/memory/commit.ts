import type { AnyTable } from './table.ts';

/** Somebody else was first: the work is to be run again. */
export class LostRace extends Error {}

/** One synchronous step over many tables: all of its changes or none. */
export class Commit {
  readonly #version: number;
  readonly #undo: (() => void)[] = [];
  readonly #references: (() => boolean)[] = [];
  readonly #conditions: (() => void)[] = [];

  constructor(version: number) {
    this.#version = version;
  }

  put<State extends object>(table: AnyTable<State>, state: State, version = this.#version): void {
    this.#undo.push(table.put(state, version));
    const key = table.keyOf(state);
    this.#references.push(() => table.referencesHold(key));
  }

  /** For rows without versions or references. */
  set<Row>(rows: Map<string, Row>, key: string, row: Row): void {
    const before = rows.get(key);
    rows.set(key, row);
    this.#undo.push(() => (before === undefined ? rows.delete(key) : rows.set(key, before)));
  }

  delete(table: Pick<AnyTable<never>, 'has' | 'delete'>, key: string): void {
    if (table.has(key)) this.#undo.push(table.delete(key));
  }

  /** Asked when everything else has happened; throws where it does not hold. */
  require(condition: () => void): void {
    this.#conditions.push(condition);
  }

  /** @throws LostRace when something that was pointed to is gone */
  assertWhole(): void {
    for (const condition of this.#conditions) condition();
    if (!this.#references.every((hold) => hold())) throw new LostRace();
  }

  rollBack(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}
