import { makePgArray } from 'drizzle-orm/pg-core';
import { encoded, quoted, type Row, type TableShape } from './table-shape.ts';

/** Writes the next parameter of the statement: `$1`, `$2`, … */
export type NextParameter = () => string;

/** One part of a commit: what happens to one row. */
export interface Change {
  /** The row, by table and key: commits go through rows in this order, so that they do not wait for each other in a ring. */
  readonly row: string;
  /** Changes of the same shape have the same SQL. */
  readonly shape: string;
  /** In the order in which `sql` asks for them. */
  readonly params: readonly unknown[];
  /** Rows that `sql` answers: `one`, or the commit fails; `any`, as there may be none; or it does not answer. */
  readonly answers: 'one' | 'any' | 'nothing';
  sql(next: NextParameter): string;
}

export interface KeyedRow {
  /** The same for whatever may lie in the same row. */
  readonly name: string;
  readonly shape: TableShape;
  readonly key: readonly string[];
  readonly state: Row;
}

/** A row that was read, and the version it then had. */
export interface ReadRow extends KeyedRow {
  readonly version: number;
}

export function keyedRow(shape: TableShape, key: readonly string[], state: Row, identity = key): KeyedRow {
  return { name: [shape.name, ...identity.map((property) => state[property])].join(' '), shape, key, state };
}

export function insertion(target: KeyedRow): Change {
  const { shape, state } = target;
  return {
    row: target.name,
    shape: `insert ${shape.name}`,
    params: shape.names.map((property) => encoded(shape, property, state)),
    answers: 'nothing',
    sql: (next) => insertInto(shape, next),
  };
}

/** Inserts, or takes the place of the row that has the same key. */
export function replacement(target: KeyedRow): Change {
  const { shape, key } = target;
  const others = shape.names.filter((property) => !key.includes(property));
  const taken = others.map((property) => quoted(shape, property)).map((column) => `${column} = excluded.${column}`);
  return {
    ...insertion(target),
    shape: `replace ${shape.name}`,
    sql: (next) =>
      `${insertInto(shape, next)} on conflict (${columnList(shape, key)}) do update set ${taken.join(', ')}`,
  };
}

export function update(
  read: ReadRow,
  changed: readonly string[],
  after: Row,
  options: { readonly bump: boolean },
): Change {
  const { shape } = read;
  return {
    row: read.name,
    shape: `${options.bump ? 'update' : 'touch'} ${shape.name} ${changed}`,
    params: [...changed.map((property) => encoded(shape, property, after)), ...asReadParams(read)],
    answers: 'one',
    sql: (next) => {
      const set = changed.map((property) => `${quoted(shape, property)} = ${next()}`);
      if (options.bump) set.push('"version" = "version" + 1');
      return `update "${shape.name}" set ${set.join(', ')} where ${asRead(read, next)} returning 1`;
    },
  };
}

export function deletion(read: ReadRow): Change {
  return {
    row: read.name,
    shape: `delete ${read.shape.name}`,
    params: asReadParams(read),
    answers: 'one',
    sql: (next) => `delete from "${read.shape.name}" where ${asRead(read, next)} returning 1`,
  };
}

/** Nothing changes, and nobody else may change it before this commit. */
export function guard(read: ReadRow): Change {
  return {
    row: read.name,
    shape: `guard ${read.shape.name}`,
    params: asReadParams(read),
    answers: 'one',
    sql: (next) => `select 1 from "${read.shape.name}" where ${asRead(read, next)} for share`,
  };
}

/** Gone, if it was there. */
export function removal(target: KeyedRow): Change {
  const { shape, key, state } = target;
  return {
    row: target.name,
    shape: `discard ${shape.name}`,
    params: key.map((property) => encoded(shape, property, state)),
    answers: 'any',
    sql: (next) => `delete from "${shape.name}" where ${matches(shape, key, next)} returning 1`,
  };
}

/** Every row with these values is gone, except for some: one commit cannot do two things to a row. */
export function clearance(shape: TableShape, values: Row, exceptIds: readonly string[]): Change {
  const key = Object.keys(values);
  return {
    row: [shape.name, ...Object.values(values)].join(' '),
    shape: `clear ${shape.name} ${key}`,
    params: [...key.map((property) => encoded(shape, property, values)), makePgArray([...exceptIds])],
    answers: 'any',
    sql: (next) =>
      `delete from "${shape.name}" where ${matches(shape, key, next)} and "id" <> all (${next()}::uuid[]) returning 1`,
  };
}

function insertInto(shape: TableShape, next: NextParameter): string {
  return `insert into "${shape.name}" (${columnList(shape, shape.names)}) values (${shape.names.map(next).join(', ')})`;
}

function asRead({ shape, key }: ReadRow, next: NextParameter): string {
  return `${matches(shape, key, next)} and "version" = ${next()}`;
}

function asReadParams({ shape, key, state, version }: ReadRow): unknown[] {
  return [...key.map((property) => encoded(shape, property, state)), version];
}

function matches(shape: TableShape, key: readonly string[], next: NextParameter): string {
  return key.map((property) => `${quoted(shape, property)} = ${next()}`).join(' and ');
}

function columnList(shape: TableShape, properties: readonly string[]): string {
  return properties.map((property) => quoted(shape, property)).join(', ');
}
