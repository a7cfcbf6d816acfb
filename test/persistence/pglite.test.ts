import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { afterAll, beforeAll, describe } from 'vitest';
import { Database, MIGRATIONS_FOLDER } from '../../src/adapters/persistence/index.ts';
import { describeStoreContracts } from './contracts.ts';
import { emptySubject } from './subject.ts';

describe('a PGlite that an embedder hands in', () => {
  let client: PGlite;
  let database: Database;
  beforeAll(async () => {
    client = await PGlite.create();
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
    database = new Database(drizzle(client), { prepare: true });
  });
  afterAll(() => client.close());

  describeStoreContracts('PGlite', () => emptySubject(database));
});
