import { openPostgres } from '../../src/adapters/persistence/index.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { describeStoreContracts } from './contracts.ts';
import { subjectOn } from './subject.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('on Postgres', () => {
  describeStoreContracts('pg', async () => {
    const fresh = await freshDatabase(migratedTemplate);
    const { database, close } = openPostgres({ url: fresh.url });
    return subjectOn(database, async () => {
      await close();
      await fresh[Symbol.asyncDispose]();
    });
  });
});
