import type { Iam } from '../../src/application/iam.ts';
import type { ImportEntry, ImportOutcome } from '../../src/application/users/import-outcome.ts';
import type { UserRecord } from '../../src/application/users/user-record.ts';

type Input = Parameters<Iam['users']['importUsers']['execute']>[1];

/** Each on a line of its own, as a file would have them. */
export async function* linesOf(records: readonly UserRecord[]): AsyncGenerator<ImportEntry> {
  for (const [index, record] of records.entries()) yield { line: index + 1, record };
}

export async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What becomes of each of them. */
export async function importing(
  { users }: Pick<Iam, 'users'>,
  actor: Parameters<Iam['users']['importUsers']['execute']>[0],
  input: Omit<Input, 'entries' | 'dryRun'> & Partial<Pick<Input, 'dryRun'>>,
  records: readonly UserRecord[],
): Promise<readonly ImportOutcome[]> {
  return collected(await users.importUsers.execute(actor, { dryRun: false, ...input, entries: linesOf(records) }));
}
