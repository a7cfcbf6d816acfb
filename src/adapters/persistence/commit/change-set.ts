import { isDeepStrictEqual } from 'node:util';
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

/** What is to become of an aggregate. Of two wishes the later in this list holds. */
const WISHES = ['guard', 'touch', 'save', 'remove'] as const;
type Wish = (typeof WISHES)[number];

/** What one run of the work has read, and what it wants changed. Nothing happens here. */
export class ChangeSet {
  readonly #read = new WeakMap<Aggregate, ReadRow>();
  readonly #wishes = new Map<Aggregate, Wish>();
  readonly #mappings = new WeakMap<Aggregate, TableMapping>();
  readonly #discarded: KeyedRow[] = [];
  readonly #cleared: { readonly shape: TableShape; readonly values: Row }[] = [];
  readonly #others = new Map<string, Change>();
  readonly #seats = new Map<ProjectId, SeatMove>();

  /** The aggregate of a row, remembered with the version it was read at. */
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
    const root = mapping.rehydrate(stateOf(row) as State);
    const keyed = keyedRow(shapeOf(mapping.table), mapping.key, row, mapping.takesPlaceBy);
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
    this.#discarded.push(keyedRow(shapeOf(mapping.table), mapping.takesPlaceBy ?? mapping.key, place));
  }

  /** Every row with these values is gone, unless this unit wants something of it anyway. */
  discardAll(mapping: TableMapping, values: Row): void {
    this.#cleared.push({ shape: shapeOf(mapping.table), values });
  }

  /** A change of its own, to a row that is no aggregate's. */
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
    const wanted = [...this.#wishes].flatMap(([root, wish]) => this.#changesOf(root, wish));
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

  #changesOf(root: Aggregate, wish: Wish): readonly Change[] {
    const read = this.#read.get(root);
    if (!read) return this.#newRows(root, wish);
    if (wish === 'guard') return [guard(read)];
    if (wish === 'remove') return [deletion(read)];
    const after = root.toState() as Row;
    const changed = changedProperties(read.shape, read.state, after);
    return [changed.length === 0 ? guard(read) : update(read, changed, after, { bump: wish === 'save' })];
  }

  #newRows(root: Aggregate, wish: Wish): readonly Change[] {
    const mapping = this.#mappings.get(root);
    if (wish !== 'save' || !mapping) throw new Error(`Cannot ${wish} what was not read in this unit of work`);
    const state = root.toState();
    const { table, key, takesPlaceBy } = mapping;
    const row = keyedRow(shapeOf(table), takesPlaceBy ?? key, { ...state, version: 1 });
    const details = mapping.details?.(state) ?? [];
    return [
      takesPlaceBy ? replacement(row) : insertion(row),
      ...details.map((detail) => insertion(keyedRow(shapeOf(detail.table), detail.key, detail.row))),
    ];
  }
}

function changedProperties({ names }: TableShape, before: Row, after: Row): readonly string[] {
  return names.filter((name) => name !== 'version' && !isDeepStrictEqual(before[name], after[name]));
}
