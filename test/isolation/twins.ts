import { randomBytes } from 'node:crypto';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import type { MemoryStore } from '../../src/adapters/memory/index.ts';
import { PUBLIC_URL, type V1World, worldOver } from '../http/v1-world.ts';
import { inMemoryProviders } from '../support/a-provider.ts';
import { SettableClock } from '../support/clock.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aQuickWorld } from './quick-world.ts';

/** Two installations in which everything is the same: what is stored, the keys, the time. */
export interface Twins {
  readonly one: V1World;
  readonly other: V1World;
}

/** `inhabit`: what happens before they are two. */
export async function twins(inhabit: (world: V1World) => Promise<void>): Promise<Twins> {
  const [masterKey, httpKey] = [randomBytes(32), [randomBytes(32)] as const];
  const one = await aQuickWorld({ masterKey, httpKey });
  await inhabit(one);
  const clock = new SettableClock(one.clock.now());
  const memory = memoryPorts({ masterKey, clock, publicUrl: PUBLIC_URL });
  copy(one.ports.store, memory.store);
  const ports = { ...memory, passwordHasher: aQuickHasher(), providerAdapters: inMemoryProviders() };
  return { one, other: worldOver({ ports, clock, platform: one.platform, httpKey }) };
}

type Table = MemoryStore['users'];

function copy(from: MemoryStore, into: MemoryStore): void {
  for (const [name, held] of Object.entries(from)) {
    const empty: unknown = into[name as keyof MemoryStore];
    if (held instanceof Map) copyMap(held, empty as typeof held);
    else if (isTable(held)) copyTable(held, empty as Table);
  }
  copyMap(from.auditLog.rows, into.auditLog.rows);
  copyMap(from.auditLog.seals, into.auditLog.seals);
  for (const id of from.auditLog.unsealed) into.auditLog.unsealed.add(id);
  copyMap(from.events.waiting, into.events.waiting);
  copyMap(from.events.published, into.events.published);
  copyMap(from.events.numbers, into.events.numbers);
}

function isTable(held: unknown): held is Table {
  return typeof held === 'object' && held !== null && 'versionOf' in held;
}

function copyMap<Key, Value>(from: ReadonlyMap<Key, Value>, into: Map<Key, Value>): void {
  for (const [key, value] of from) into.set(key, structuredClone(value));
}

/** The versions of the other's commits come after those of the copied rows. */
function copyTable(from: Table, into: Table): void {
  for (const [, state] of from.entries()) into.put(state, 0);
}
