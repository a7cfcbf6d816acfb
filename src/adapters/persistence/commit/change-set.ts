import { isDeepStrictEqual } from 'node:util';
import type { IamErrorCode } from '../../../domain/errors.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import { type Stored, stateOf } from '../rows.ts';
import {
  type Change,
  clearance,
  deletion,
  guard,
  insertion,
  type KeyedRow,
  keyedRow,
  type ReadRow,
  removal,
  replacement,
  update,
} from './change.ts';
import type { Aggregate, Mapping, TableMapping } from './mapping.ts';
import { type SeatMove, seatChange } from './seat-change.ts';
import { type Row, shapeOf, type TableShape } from './table-shape.ts';

/** A refusal that the violation of a constraint comes to, where it is not a lost race. */
type Answer = Extract<
  IamErrorCode,
  'email-already-registered' | 'invitation-pending' | 'provider-already-linked' | 'role-already-exists' | 'role-in-use'
>;

/** What is to become of an aggregate. Of two wishes the later in this list holds. */
const WISHES = ['guard', 'touch', 'save', 'remove'] as const;
type Wish = (typeof WISHES)[number];

/** What one run of the work has read, and what it wants changed. Nothing happens here. */
export class ChangeSet {
  readonly #read = new WeakMap<Aggregate, ReadRow>();
  readonly #rehydrated = new Map<string, Aggregate>();
  readonly #wishes = new Map<Aggregate, Wish>();
  readonly #mappings = new WeakMap<Aggregate, TableMapping>();
  readonly #discarded: KeyedRow[] = [];
  readonly #cleared: { readonly shape: TableShape; readonly values: Row }[] = [];
  readonly #others = new Map<string, Change>();
  readonly #seats = new Map<ProjectId, SeatMove>();
  readonly #answers = new Map<string, Answer>();

  /** The one aggregate of a row, remembered with the version it was first read at. */
  rehydrated<State extends object, Root extends Aggregate>(mapping: Mapping<State, Root>, row: Stored<State>): Root;
  rehydrated<State extends object, Root extends Aggregate>(
    mapping: Mapping<State, Root>,
    row: Stored<State> | undefined,
  ): Root | undefined;
  rehydrated<State extends object, Root extends Aggregate>(
    mapping: Mapping<State, Root>,
    row: Stored<State> | undefined,
  ): Root | undefined {
    if (row === undefined) return undefined;
    const keyed = keyedRow(shapeOf(mapping.table), mapping.key, row, mapping.place);
    const known = this.#rehydrated.get(keyed.name);
    if (known !== undefined) return known as Root;
    const root = mapping.rehydrate(stateOf(row) as State);
    this.#rehydrated.set(keyed.name, root);
    this.#read.set(root, { ...keyed, version: row.version });
    return root;
  }

  save(mapping: TableMapping, root: Aggregate): void {
    this.#mappings.set(root, mapping);
    this.#wish(root, 'save');
  }

  touch(root: Aggregate): void {
    this.#wish(root, 'touch');
  }

  remove(root: Aggregate): void {
    this.#wish(root, 'remove');
  }

  requireUnchanged(root: Aggregate): void {
    this.#wish(root, 'guard');
  }

  /** Whatever lies in this row is gone, unless it is spent or replaced by this unit anyway. */
  discard(mapping: TableMapping, place: Row): void {
    this.#discarded.push(keyedRow(shapeOf(mapping.table), mapping.place ?? mapping.key, place));
  }

  /** Every row with these values is gone, unless this unit wants something of it anyway. */
  discardAll(mapping: TableMapping, values: Row): void {
    this.#cleared.push({ shape: shapeOf(mapping.table), values });
  }

  /** What the commit is refused with when it violates the constraint; without that it is a lost race. */
  answerWith(answer: Answer, constraint: string): void {
    this.#answers.set(constraint, answer);
  }

  answerTo(constraint: string | undefined): Answer | undefined {
    return constraint === undefined ? undefined : this.#answers.get(constraint);
  }

  /** A change of its own, to rows that are no aggregate's. */
  add(change: Change): void {
    this.#others.set(change.row, change);
  }

  moveSeats(projectId: ProjectId, by: number, limit: number | null): void {
    const before = this.#seats.get(projectId) ?? { by: 0, limit: null };
    const limits = [before.limit, limit].filter((value) => value !== null);
    this.#seats.set(projectId, { by: before.by + by, limit: limits.length > 0 ? Math.min(...limits) : null });
  }

  /** Those whose events are to be told, in the order in which they were saved first. */
  changedRoots(): readonly Aggregate[] {
    return [...this.#wishes].filter(([, wish]) => wish !== 'guard').map(([root]) => root);
  }

  /** Everything that is to happen, as the aggregates are now. */
  changes(): readonly Change[] {
    const leaving = this.#leaving();
    const kept = [...this.#wishes].flatMap(([root, wish]) => this.#changesOf(root, wish, leaving));
    const wanted = [...kept, ...[...leaving.values()].map(deletion)];
    const rows = new Set(wanted.map(({ row }) => row));
    const discarded = this.#discarded.filter(({ name }) => !rows.has(name)).map(removal);
    const cleared = this.#cleared.map(({ shape, values }) => clearance(shape, values, this.#idsWanted(shape)));
    const seats = [...this.#seats].map(([projectId, move]) => seatChange(projectId, move));
    return [...wanted, ...discarded, ...cleared, ...seats, ...this.#others.values()];
  }

  #wish(root: Aggregate, wish: Wish): void {
    const before = this.#wishes.get(root);
    if (before === undefined || WISHES.indexOf(before) < WISHES.indexOf(wish)) this.#wishes.set(root, wish);
  }

  /** Of rows that were read. */
  #idsWanted(shape: TableShape): readonly string[] {
    const read = [...this.#wishes.keys()].flatMap((root) => this.#read.get(root) ?? []);
    return read.filter((row) => row.shape === shape).map(({ state }) => String(state.id));
  }

  /** The rows that are to be empty, by their names. */
  #leaving(): Map<string, ReadRow> {
    const roots = [...this.#wishes].filter(([, wish]) => wish === 'remove').map(([root]) => root);
    return new Map(roots.flatMap((root) => this.#read.get(root) ?? []).map((read) => [read.name, read]));
  }

  #changesOf(root: Aggregate, wish: Wish, leaving: Map<string, ReadRow>): readonly Change[] {
    const read = this.#read.get(root);
    if (!read) return this.#newRows(root, wish, leaving);
    if (wish === 'guard') return [guard(read)];
    if (wish === 'remove') return [];
    const after = root.toState() as Row;
    const changed = changedProperties(read.shape, read.state, after);
    const details = detailChanges(this.#mappings.get(root), read.state, after);
    if (wish === 'touch' && changed.length === 0) return [guard(read)];
    return [update(read, changed, after, { bump: wish === 'save' }), ...details];
  }

  #newRows(root: Aggregate, wish: Wish, leaving: Map<string, ReadRow>): readonly Change[] {
    const mapping = this.#mappings.get(root);
    if (wish !== 'save' || !mapping) throw new Error(`Cannot ${wish} what was not read in this unit of work`);
    const state = root.toState() as Row;
    const { table, key, place, takesPlace } = mapping;
    const row = keyedRow(shapeOf(table), place ?? key, { ...state, version: 1 });
    const details = detailChanges(mapping, undefined, state);
    const before = leaving.get(row.name);
    // One commit cannot do two things to a row: whoever leaves it for a new one is overwritten.
    if (before && leaving.delete(row.name))
      return [update(before, row.shape.names.filter(isState), state, { bump: true })];
    return [takesPlace ? replacement(row) : insertion(row), ...details];
  }
}

function isState(property: string): boolean {
  return property !== 'version';
}

function changedProperties({ names }: TableShape, before: Row, after: Row): readonly string[] {
  return names.filter((name) => isState(name) && !isDeepStrictEqual(before[name], after[name]));
}

function detailChanges(mapping: TableMapping | undefined, before: Row | undefined, after: Row): readonly Change[] {
  const rowsOf = (state: Row | undefined) =>
    (state && mapping?.details?.(state)?.map(({ table, key, row }) => keyedRow(shapeOf(table), key, row))) ?? [];
  const [had, has] = [rowsOf(before), rowsOf(after)];
  const without = (rows: readonly KeyedRow[], others: readonly KeyedRow[]) =>
    rows.filter(({ name }) => !others.some((other) => other.name === name));
  return [...without(had, has).map(removal), ...without(has, had).map(insertion)];
}
