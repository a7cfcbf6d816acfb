import { afterAll, beforeAll } from 'vitest';
import { openPostgres, type PostgresConnection } from '../../src/adapters/persistence/index.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { describeStoreContracts } from './contracts.ts';
import { emptySubject } from './subject.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('the driver of the service', () => {
  let opened: PostgresConnection;
  beforeAll(async () => {
    opened = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
  });
  afterAll(() => opened.close());

  describeStoreContracts('pg', () => emptySubject(opened.database));
});
