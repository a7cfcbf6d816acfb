import type { MemoryStore } from '../../src/adapters/memory/index.ts';

/** Everything that a store holds, as text: what a thief of the database would read. */
export function dumpOf(store: MemoryStore): string {
  const holders = Object.values(store).filter(isHolder);
  return JSON.stringify([holders.map((holder) => [...holder.entries()]), store.auditRecords()]);
}

function isHolder(value: unknown): value is { entries(): Iterable<unknown> } {
  return typeof value === 'object' && value !== null && 'entries' in value && typeof value.entries === 'function';
}
