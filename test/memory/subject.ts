import { memoryAdapters } from '../../src/adapters/memory/index.ts';
import type { StoreSubject } from '../contracts/subject.ts';
import { attested } from '../support/attested.ts';

export async function memorySubject(): Promise<StoreSubject> {
  const adapters = memoryAdapters({ attested });
  return { ...adapters, auditRecords: async () => adapters.store.auditRecords(), dispose: async () => {} };
}
