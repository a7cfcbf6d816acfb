import { migrate } from '../../src/adapters/persistence/index.ts';
import type { DatabaseTemplate } from '../support/databases.ts';

export const migratedTemplate: DatabaseTemplate = {
  name: 'migrated',
  prepare: async (url) => void (await migrate({ client: { connectionString: url } })),
};
