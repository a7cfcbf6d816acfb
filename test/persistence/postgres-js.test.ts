import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { attested } from '../support/attested.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { seedProject } from '../support/seeds.ts';
import { describeStoreContracts } from './contracts.ts';
import { emptySubject } from './subject.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('a database that an embedder hands in', () => {
  let url: string;
  let client: Sql;
  let database: Database;
  beforeAll(async () => {
    ({ url } = await freshDatabase(migratedTemplate));
    client = postgres(url);
    database = new Database(drizzle(client), { prepare: true });
  });
  afterAll(() => client.end());

  describeStoreContracts('postgres', () => emptySubject(database));

  it('does not take a row for missing after a query that failed in the middle of its rows', async () => {
    const oneConnection = postgres(url, { max: 1 });
    const alone = new Database(drizzle(oneConnection), { prepare: true });
    const { unitOfWork, projectDirectory } = persistencePorts(alone, { idGenerator: new UuidV7Generator(), attested });
    const { projectId, project } = await seedProject(unitOfWork, new Date());
    const failing = sql`select 1 / (3 - i) from generate_series(1, 5) i`;

    await expect(alone.execute(failing)).rejects.toMatchObject({ code: '22012' });
    expect(await projectDirectory.byId(projectId)).toEqual(project.toState());
    await expect(alone.execute(failing)).rejects.toMatchObject({ code: '22012' });
    expect(await alone.execute(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await oneConnection.end();
  });
});
