import { type Placeholder, type Query, type SQL, sql } from 'drizzle-orm';
import { makePgArray, type PgDatabase, type PgQueryResultHKT, type PreparedQueryConfig } from 'drizzle-orm/pg-core';
import { translated } from './failures.ts';
import { type WideRow, WideRows } from './wide-rows.ts';

/** A Drizzle database over any Postgres driver. Its deadlines are the business of whoever opened it. */
export type DrizzleDatabase = PgDatabase<PgQueryResultHKT>;

export type Values = Readonly<Record<string, unknown>>;

interface Preparable<Answer> {
  prepare(name: string): { execute(values: Values): Promise<Answer> };
}

/** A statement that is built once, when it is first run: a process that has just begun has run few of them. */
export interface Prepared<Row> {
  all(values: Values): Promise<readonly Row[]>;
  one(values: Values): Promise<Row | undefined>;
}

/**
 * The one place that knows how the drivers differ: in what they answer, in how they fail, in whether they prepare by
 * name. Whatever goes wrong arrives as `IamError('unavailable')`, as `LostRace`, or as it was.
 */
export class Database {
  /** For building statements; they are run by the methods here. */
  readonly drizzle: DrizzleDatabase;
  readonly #named: boolean;

  /** `prepare: false` where statements cannot have names: behind a pooler that hands out connections by transaction. */
  constructor(drizzle: DrizzleDatabase, options: { readonly prepare: boolean }) {
    this.drizzle = drizzle;
    this.#named = options.prepare;
  }

  /** The name MUST be given to no other statement. */
  prepared<Row>(name: string, query: Preparable<Row[]>): Prepared<Row> {
    const statement = this.#statement(name, query);
    const all = (values: Values) => translated(statement.execute(values)).then(withoutHoles);
    return { all, one: async (values) => (await all(values))[0] };
  }

  /** As `prepared`, for whole rows of several tables: `parts`, as `query` selects them, none of which may be missing. */
  preparedWide<Row>(name: string, parts: WideRow, query: Preparable<Row[]> & { toSQL(): Query }): Prepared<Row> {
    const prepare = (name: string) => {
      const wide = new WideRows<Row>(parts);
      const { sql: select, params } = query.toSQL();
      return this.drizzle._.session.prepareQuery<PreparedQueryConfig & { execute: Row[] }>(
        { sql: wide.text(select), params },
        undefined,
        name,
        true,
        (rows) => rows.map(([array]) => wide.rowOf(array)),
      );
    };
    return this.prepared(name, { prepare });
  }

  /** As `prepared`, for what answers nothing. */
  command(name: string, query: Preparable<unknown>): (values: Values) => Promise<void> {
    const statement = this.#statement(name, query);
    return async (values) => void (await translated(statement.execute(values)));
  }

  /** For what is rare, or different each time. */
  async rows<Row>(query: PromiseLike<Row[]>): Promise<readonly Row[]> {
    return withoutHoles(await translated(query));
  }

  async execute<Row extends Values>(query: SQL): Promise<readonly Row[]> {
    return rowsOf<Row>(await translated(this.drizzle.execute(query)));
  }

  /** A text with values in the driver's form. Named statements are prepared once per connection. */
  async send(text: string, params: unknown[], name: string | undefined): Promise<void> {
    const query = this.drizzle._.session.prepareQuery(
      { sql: text, params },
      undefined,
      this.#named ? name : undefined,
      false,
    );
    await translated(query.execute());
  }

  #statement<Answer>(name: string, query: Preparable<Answer>) {
    // Without a name a driver sends the same text and keeps nothing on the server.
    const prepare = () => query.prepare(this.#named ? name : '');
    let prepared: ReturnType<typeof prepare> | undefined;
    return {
      execute(values: Values): Promise<Answer> {
        prepared ??= prepare();
        return prepared.execute(values);
      },
    };
  }
}

/** A value that is given when the statement runs, in the form that every driver takes. */
export const given = {
  value: (name: string): Placeholder => sql.placeholder(name),
  moment: (name: string): SQL => sql`${sql.param(sql.placeholder(name), isoMoment)}::timestamptz`,
  texts: (name: string): SQL => sql`${sql.param(sql.placeholder(name), textArray)}::text[]`,
  uuids: (name: string): SQL => sql`${sql.param(sql.placeholder(name), textArray)}::uuid[]`,
} as const;

// Drizzle types an encoder by the placeholder; at run time it gets what the placeholder stands for.
const isoMoment = { mapToDriverValue: (moment: unknown) => (moment as Date).toISOString() };
const textArray = { mapToDriverValue: (texts: unknown) => makePgArray([...(texts as readonly string[])]) };

function rowsOf<Row>(result: unknown): readonly Row[] {
  if (Array.isArray(result)) return withoutHoles<Row>(result);
  return (result as { readonly rows: readonly Row[] }).rows;
}

/**
 * `postgres` 3.4.9 puts the rows of the query that follows a failed one behind holes (its issues 1119 and 1181): the
 * first row would read as "there is none".
 */
function withoutHoles<Row>(rows: readonly Row[]): readonly Row[] {
  return 0 in rows ? rows : rows.filter(() => true);
}
