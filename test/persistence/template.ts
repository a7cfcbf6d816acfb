import { migrate, openPostgres } from '../../src/adapters/persistence/index.ts';
import type { DatabaseTemplate } from '../support/databases.ts';

export const migratedTemplate: DatabaseTemplate = {
  name: 'migrated',
  async prepare(url) {
    const connection = openPostgres({ url });
    await migrate(connection).finally(() => connection.close());
  },
};
