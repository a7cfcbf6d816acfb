import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { Database } from '../../src/adapters/persistence/index.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { describeStoreContracts } from './contracts.ts';
import { emptySubject } from './subject.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('a database that an embedder hands in', () => {
  let client: Sql;
  let database: Database;
  beforeAll(async () => {
    const { url } = await freshDatabase(migratedTemplate);
    client = postgres(url, { onnotice: () => {} });
    database = new Database(drizzle(client), { prepare: true });
  });
  afterAll(() => client.end());

  describeStoreContracts('postgres', () => emptySubject(database));
});
