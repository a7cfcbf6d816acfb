import { createHash } from 'node:crypto';
import type { Change } from './change.ts';

export interface CommitStatement {
  readonly text: string;
  /** Undefined for shapes beyond those that are kept: a server holds every named statement for as long as a connection. */
  readonly name: string | undefined;
}

const KEPT = 500;
const EXPECTED = { one: '= 1', any: '>= 0' } as const;

/** The statements of a process: one for each shape of commit, built when the shape is first seen. */
export class CommitStatements {
  readonly #kept = new Map<string, CommitStatement>();

  for(changes: readonly Change[]): CommitStatement {
    const shape = changes.map((change) => change.shape).join('; ');
    const known = this.#kept.get(shape);
    if (known) return known;
    const text = commitText(changes);
    if (this.#kept.size === KEPT) return { text, name: undefined };
    // Named after the text: whoever else uses the connection under that name means the same.
    const statement = { text, name: `commit_${createHash('sha256').update(text).digest('hex').slice(0, 32)}` };
    this.#kept.set(shape, statement);
    return statement;
  }
}

/**
 * All of it or nothing, in one round trip: data-modifying CTEs see the same snapshot and run to the end, and the
 * assertion that closes them fails the statement unless every row that had to be hit was. It asks one change after the
 * other, and that is when each takes its locks; what is not asked runs after all of those.
 */
function commitText(changes: readonly Change[]): string {
  let parameters = 0;
  const next = () => {
    parameters += 1;
    return `$${parameters}`;
  };
  const parts = changes.map((change, index) => `c${index} as (${change.sql(next)})`);
  const asked = changes.flatMap(({ answers }, index) =>
    answers === 'nothing' ? [] : [`(select count(*) from c${index}) ${EXPECTED[answers]}`],
  );
  const assertion = asked.length > 0 ? `require_every_row(${asked.join(' and ')})` : '1';
  return `with ${parts.join(', ')} select ${assertion}`;
}
