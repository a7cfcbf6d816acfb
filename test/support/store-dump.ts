import type { MemoryStore } from '../../src/adapters/memory/index.ts';

/** Every row of a store, as text. */
export function rowsOf(store: Pick<MemoryStore, 'auditRecords'>): readonly string[] {
  const holders = Object.values<unknown>(store).filter(isHolder);
  const rows = [...holders.flatMap((holder) => [...holder.entries()]), ...store.auditRecords()];
  return rows.map((row) => JSON.stringify(row));
}

/** Everything that a store holds, as text: what a thief of the database would read. */
export function dumpOf(store: Pick<MemoryStore, 'auditRecords'>): string {
  return rowsOf(store).join('\n');
}

function isHolder(value: unknown): value is { entries(): Iterable<unknown> } {
  return typeof value === 'object' && value !== null && 'entries' in value && typeof value.entries === 'function';
}
